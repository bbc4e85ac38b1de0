import TesseraCOpenSSL

/// Bytes that stay out of logs, error messages and debugger output, and are wiped when the last copy goes.
///
/// Not `Equatable`: secrets are compared with ``ConstantTime``.
public struct Secret: Sendable {
    private let storage: Storage

    /// Copies `bytes`. The caller's own copy is not wiped.
    public init(_ bytes: [UInt8]) {
        storage = bytes.withUnsafeBytes { Storage(copying: $0) }
    }

    /// Copies the UTF-8 of `text`.
    public init(utf8 text: String) {
        var text = text
        storage = text.withUTF8 { Storage(copying: UnsafeRawBufferPointer($0)) }
    }

    /// How many bytes there are.
    public var count: Int { storage.bytes.count }

    /// Lends the bytes; a copy that `body` makes is the copier's to wipe.
    public func withUnsafeBytes<R, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> R
    ) throws(Failure) -> R {
        try body(storage.bytes)
    }

    // Safe: written before it is shared, and then only read, until nothing refers to it.
    private final class Storage: @unchecked Sendable {
        let bytes: UnsafeRawBufferPointer

        init(copying source: UnsafeRawBufferPointer) {
            let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 1)
            bytes.copyMemory(from: source)
            self.bytes = UnsafeRawBufferPointer(bytes)
        }

        deinit {
            let bytes = UnsafeMutableRawBufferPointer(mutating: bytes)
            OPENSSL_cleanse(bytes.baseAddress, bytes.count)
            bytes.deallocate()
        }
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "<redacted>" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
