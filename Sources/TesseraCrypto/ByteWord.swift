/// Eight bytes that are processed together with a few instructions, for checks on the path of every request.
package struct ByteWord {
    private let word: UInt64
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let tops: UInt64 = 0x8080_8080_8080_8080

    /// The eight bytes from `offset` on, in the machine's byte order.
    @inline(__always)
    package init(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    /// Reports whether each byte is an ASCII letter, a digit, or `other`.
    @inline(__always)
    package func isAlphanumeric(or other: UInt8) -> Bool {
        // With bytes below 0x80, no carry crosses a byte boundary, so each top bit describes its own byte.
        guard word & Self.tops == 0 else { return false }
        let lower = word | Self.ones &* 0x20
        let isLetter = Self.areBytes(lower, from: 0x61, through: 0x7A)
        let isDigit = Self.areBytes(word, from: 0x30, through: 0x39)
        let isOther = ~((word ^ Self.ones &* UInt64(other)) &+ Self.ones &* 0x7F)
        return (isLetter | isDigit | isOther) & Self.tops == Self.tops
    }

    /// A word whose top bits indicate which bytes are in the range. All bytes must be below 0x80.
    @inline(__always)
    private static func areBytes(_ word: UInt64, from low: UInt64, through high: UInt64) -> UInt64 {
        ((word | tops) &- ones &* low) & (ones &* (high | 0x80) &- word)
    }
}
