import TesseraCOpenSSL

/// Bytes that stay out of logs, error messages and debugger output, and are wiped when the last copy is released.
///
/// Not `Equatable`: the time of `==` would reveal the number of equal bytes.
public struct Secret: Sendable {
    private let storage: Storage

    /// Copies `bytes`. The caller's copy is not wiped.
    public init(_ bytes: [UInt8]) {
        storage = bytes.withUnsafeBytes { Storage(copying: $0) }
    }

    /// Copies the UTF-8 of `text`.
    public init(utf8 text: String) {
        var text = text
        storage = text.withUTF8 { Storage(copying: UnsafeRawBufferPointer($0)) }
    }

    /// The number of bytes.
    public var count: Int { storage.bytes.count }

    /// Calls `body` with the bytes. A copy that `body` makes is not wiped.
    public func withUnsafeBytes<R, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> R
    ) throws(Failure) -> R {
        try body(storage.bytes)
    }

    // Safe: written before it is shared, and only read after that.
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
    /// The text `<redacted>`.
    public var description: String { "<redacted>" }
    /// The text `<redacted>`.
    public var debugDescription: String { description }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
