/// Case-insensitive comparison of ASCII text, eight bytes at a time. Every request compares several field names.
enum ASCIICase {
    /// The byte, with a capital letter converted to lower case.
    @inline(__always)
    static func lowered(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    /// Reports whether `bytes` equal `lowercase` without regard to case.
    ///
    /// - Parameter lowercase: Text without capital letters.
    @inline(__always)
    static func areEqual(_ bytes: UnsafeRawBufferPointer, _ lowercase: UnsafeRawBufferPointer) -> Bool {
        let count = bytes.count
        guard count == lowercase.count else { return false }
        guard count >= 8 else {
            for index in 0..<count where lowered(bytes[index]) != lowercase[index] { return false }
            return true
        }
        var offset = 0
        while offset < count {
            // The last eight bytes may overlap with bytes that have been compared.
            let start = min(offset, count - 8)
            let word = bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)
            guard lowered(word) == lowercase.loadUnaligned(fromByteOffset: start, as: UInt64.self) else {
                return false
            }
            offset += 8
        }
        return true
    }

    /// Eight bytes, with capital letters converted to lower case.
    @inline(__always)
    private static func lowered(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops = ones &* 0x80
        // Without the top bits, no carry crosses a byte boundary, and each top bit describes its own byte.
        let low = word & ~tops
        let isFromA = low &+ ones &* (0x80 - 0x41)
        let isBehindZ = low &+ ones &* (0x80 - 0x5B)
        let isCapital = isFromA & ~isBehindZ & ~word & tops
        return word | isCapital &>> 2
    }
}
