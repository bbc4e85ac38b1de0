/// ASCII text without regard to case, eight bytes at a time: names of fields are compared several times in every request.
enum ASCIICase {
    /// The byte, a capital letter as a small one.
    @inline(__always)
    static func lowered(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    /// Whether `bytes` are `lowercase` in whatever case.
    ///
    /// - Parameter lowercase: Without capital letters.
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
            // The last eight bytes may have been looked at in part already.
            let start = min(offset, count - 8)
            let word = bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)
            guard lowered(word) == lowercase.loadUnaligned(fromByteOffset: start, as: UInt64.self) else {
                return false
            }
            offset += 8
        }
        return true
    }

    /// Each of eight bytes, a capital letter as a small one.
    @inline(__always)
    private static func lowered(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops = ones &* 0x80
        // Without the top bits no carry gets from one byte to the next, and the top bit tells of its own byte.
        let low = word & ~tops
        let isFromA = low &+ ones &* (0x80 - 0x41)
        let isBehindZ = low &+ ones &* (0x80 - 0x5B)
        let isCapital = isFromA & ~isBehindZ & ~word & tops
        return word | isCapital &>> 2
    }
}
