/// The identifier of a request in the access log and in `X-Request-ID`: unique enough to search for, not a secret.
public struct RequestID: Sendable, Hashable, CustomStringConvertible {
    /// The number behind the identifier.
    public let value: UInt64

    /// Makes an identifier from a number.
    public init(value: UInt64) { self.value = value }

    /// Sixteen lowercase hexadecimal digits.
    public var description: String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            for index in 0..<16 {
                let nibble = UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * index) & 0xF)
                buffer[index] = nibble < 10 ? nibble + 0x30 : nibble + 0x57
            }
            return 16
        }
    }
}
