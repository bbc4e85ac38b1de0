import Glibc
import TesseraCIDN

/// libidn2 and libunistring, loaded when a text first needs them.
///
/// Their tables take two megabytes, which an installation with simple addresses and names never loads. libunistring is
/// not loaded by name, because its version differs between systems; its functions are found through libidn2, which
/// depends on it.
package final class UnicodeLibrary: Sendable {
    private typealias Bytes = UnsafePointer<UInt8>
    private typealias Result = UnsafeMutablePointer<UInt8>

    /// A `uninorm_t`, the address of an immutable description of a normalization form.
    private let formC: UInt
    private let normalize:
        @convention(c) (OpaquePointer?, Bytes?, Int, Result?, UnsafeMutablePointer<Int>) -> Result?
    private let casefold:
        @convention(c) (
            Bytes?, Int, UnsafePointer<CChar>?, OpaquePointer?, Result?, UnsafeMutablePointer<Int>
        ) -> Result?
    private let hasCategory: @convention(c) (UInt32, UInt32) -> Bool
    private let lookup: @convention(c) (Bytes, UnsafeMutablePointer<Result?>, Int32) -> Int32
    private let toUnicode:
        @convention(c) (
            UnsafePointer<CChar>, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>, Int32
        ) -> Int32
    private let free: @convention(c) (UnsafeMutableRawPointer?) -> Void

    /// The library; `nil` if it is not installed.
    package static let shared = UnicodeLibrary()

    private init?() {
        let names = [
            "uninorm_nfc", "u8_normalize", "u8_casefold", "uc_is_general_category_withtable",
            "idn2_lookup_u8",
            "idn2_to_unicode_8z8z", "idn2_free",
        ]
        // Never unloaded. A libidn2 that was built with its own part of libunistring has too few functions.
        guard let library = dlopen("libidn2.so.0", RTLD_NOW | RTLD_LOCAL),
            names.allSatisfy({ dlsym(library, $0) != nil })
        else { return nil }

        func function<Function>(_ name: String) -> Function {
            guard let address = dlsym(library, name) else {
                preconditionFailure("there is no function \(name)")
            }
            return unsafeBitCast(address, to: Function.self)
        }
        formC = UInt(bitPattern: dlsym(library, "uninorm_nfc"))
        normalize = function("u8_normalize")
        casefold = function("u8_casefold")
        hasCategory = function("uc_is_general_category_withtable")
        lookup = function("idn2_lookup_u8")
        toUnicode = function("idn2_to_unicode_8z8z")
        free = function("idn2_free")
    }

    func composed(_ text: String) -> String? {
        transformed(text) { bytes, count, length in normalize(form, bytes, count, nil, length) }
    }

    func folded(_ text: String) -> String? {
        transformed(text) { bytes, count, length in casefold(bytes, count, nil, form, nil, length) }
    }

    /// Reports whether a scalar is assigned in the library's version of Unicode.
    func knows(_ scalar: Unicode.Scalar) -> Bool { !hasCategory(scalar.value, Self.unassigned) }

    /// Converts a typed domain name to ASCII for a lookup (UTS 46, non-transitional; RFC 5891 §5).
    ///
    /// `nil` if the text is not an internationalized domain name. ASCII characters that no label may contain are not
    /// removed.
    func asciiDomain(_ typed: String) -> String? {
        var bytes = Array(typed.utf8)
        guard !bytes.contains(0) else { return nil }
        bytes.append(0)
        var result: Result?
        guard lookup(bytes, &result, tessera_idn_flags) == 0, let result else { return nil }
        defer { free(result) }
        return String(cString: result)
    }

    /// Converts a domain name to the form that people read; `nil` if its labels are not valid encodings.
    func unicodeDomain(_ ascii: String) -> String? {
        var result: UnsafeMutablePointer<CChar>?
        guard toUnicode(ascii, &result, tessera_idn_flags) == 0, let result else { return nil }
        defer { free(result) }
        return String(validatingCString: result)
    }

    private var form: OpaquePointer? { OpaquePointer(bitPattern: formC) }

    /// `UC_CATEGORY_MASK_Cn` of unictype.h.
    private static let unassigned: UInt32 = 0x2000_0000

    private func transformed(
        _ text: String, by function: (Bytes?, Int, UnsafeMutablePointer<Int>) -> Result?
    ) -> String? {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { return text }
        var length = 0
        let result = bytes.withUnsafeBufferPointer { function($0.baseAddress, $0.count, &length) }
        guard let result else { return nil }
        defer { Glibc.free(result) }
        return String(decoding: UnsafeBufferPointer(start: result, count: length), as: UTF8.self)
    }
}
