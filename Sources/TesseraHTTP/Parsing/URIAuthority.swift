/// The grammar of `Host` and of the authority in a target: `uri-host [ ":" port ]` (RFC 9110 §7.2, RFC 3986 §3.2).
///
/// Narrower than the RFC: a registered name consists of unreserved characters only, so that percent-encoding, `@`, `,`
/// or `;` cannot hide a second host in the first.
enum URIAuthority {
    static func isValid(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty else { return false }
        var index = range.lowerBound
        if bytes[index] == 0x5B {
            index += 1
            let start = index
            while index < range.upperBound, bytes[index] != 0x5D {
                let byte = bytes[index]
                guard CharacterClass.hexadecimalValue(byte) != nil || byte == 0x3A || byte == 0x2E else {
                    return false
                }
                index += 1
            }
            guard index < range.upperBound, index - start >= 2, index - start <= 45 else { return false }
            index += 1
        } else {
            while index < range.upperBound, CharacterClass.isUnreservedByte(bytes[index]) { index += 1 }
            guard index > range.lowerBound else { return false }
        }
        guard index < range.upperBound else { return true }
        guard bytes[index] == 0x3A else { return false }
        let port = (index + 1)..<range.upperBound
        guard (1...5).contains(port.count) else { return false }
        var number = 0
        for index in port {
            guard (0x30...0x39).contains(bytes[index]) else { return false }
            number = number * 10 + Int(bytes[index] - 0x30)
        }
        return number <= 65_535
    }

    /// The host of a valid authority, without its port.
    static func host(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var end = range.upperBound
        while end > range.lowerBound, (0x30...0x39).contains(bytes[end - 1]) { end -= 1 }
        guard end > range.lowerBound, bytes[end - 1] == 0x3A else { return range }
        return range.lowerBound..<(end - 1)
    }
}
