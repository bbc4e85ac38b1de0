import Glibc

extension Span<UInt8> {
    /// The offset of the first line feed at or after `start`.
    func nextLineFeed(from start: Int) -> Int? {
        withUnsafeBufferPointer { buffer in
            guard start < buffer.count, let base = buffer.baseAddress,
                let found = memchr(base + start, 0x0A, buffer.count - start)
            else { return nil }
            return UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - base
        }
    }

    /// Reports whether the bytes at `start` equal this ASCII text without regard to case.
    ///
    /// - Parameter text: Text in lower case.
    func equalsIgnoringCase(_ text: StaticString, at start: Int, end: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard end - start >= length else { return false }
        return extracting(start..<(start + length)).withUnsafeBytes { bytes in
            ASCIICase.areEqual(bytes, UnsafeRawBufferPointer(start: text.utf8Start, count: length))
        }
    }

    /// Reports whether exactly these bytes equal this ASCII text without regard to case.
    func equalsIgnoringCase(_ text: StaticString, _ range: Range<Int>) -> Bool {
        range.count == text.utf8CodeUnitCount
            && equalsIgnoringCase(text, at: range.lowerBound, end: range.upperBound)
    }

    /// Reports whether all bytes are allowed in a field value (``CharacterClass/isFieldValueByte(_:)``).
    func areFieldValueBytes(_ range: Range<Int>) -> Bool {
        extracting(range).withUnsafeBytes { bytes in
            let ones: UInt64 = 0x0101_0101_0101_0101
            guard bytes.count >= 8 else { return bytes.allSatisfy(CharacterClass.isFieldValueByte) }
            var offset = 0
            // Eight bytes at a time. A word with a control byte or DEL is rare and is checked byte by byte, because it
            // may be a tab. The last eight bytes may overlap with bytes that have been checked.
            while offset < bytes.count {
                let start = min(offset, bytes.count - 8)
                let word = bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)
                let delete = word ^ ones &* 0x7F
                let suspect = (word &- ones &* 0x20) & ~word | (delete &- ones) & ~delete
                if suspect & (ones &* 0x80) != 0 {
                    for byte in bytes[start..<(start + 8)] where !CharacterClass.isFieldValueByte(byte) {
                        return false
                    }
                }
                offset += 8
            }
            return true
        }
    }

    /// Up to eight bytes as one number, most significant byte first; `nil` for more bytes or none.
    func packed(_ range: Range<Int>) -> UInt64? {
        guard (1...8).contains(range.count) else { return nil }
        var value: UInt64 = 0
        for index in range { value = value << 8 | UInt64(self[index]) }
        return value
    }

    /// The bytes as text; invalid UTF-8 is replaced.
    func text(_ range: Range<Int>) -> String {
        extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes as an array.
    func array(_ range: Range<Int>) -> [UInt8] {
        extracting(range).withUnsafeBufferPointer { [UInt8]($0) }
    }
}

extension [UInt8] {
    /// Reports whether both contain the same bytes. Faster than `elementsEqual`, which checks for the end at each byte.
    func isEqual(to other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count == other.count, let start = other.baseAddress else { return count == other.count }
        return withUnsafeBytes { bytes in
            guard let own = bytes.baseAddress else { return true }
            return memcmp(own, start, bytes.count) == 0
        }
    }
}
