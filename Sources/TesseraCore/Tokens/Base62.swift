import TesseraCrypto

/// The digits of token strings: `0`–`9`, `A`–`Z`, `a`–`z`.
enum Base62 {
    static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// Reports whether every byte is a digit.
    ///
    /// - Parameter bytes: A multiple of eight bytes.
    static func areDigits(_ bytes: UnsafeRawBufferPointer) -> Bool {
        precondition(bytes.count % 8 == 0, "the bytes are not looked at one by one")
        for offset in stride(from: 0, to: bytes.count, by: 8)
        where !ByteWord(bytes, at: offset).isAlphanumeric(or: UInt8(ascii: "0")) { return false }
        return true
    }

    private static func value(of digit: UInt8) -> UInt8 {
        if digit < 0x41 { return digit &- 0x30 }
        return digit < 0x61 ? digit &- 0x41 &+ 10 : digit &- 0x61 &+ 36
    }

    /// That many digits, the most significant first, padded with `0` at the left.
    static func encode(_ number: UInt32, count: Int) -> [UInt8] {
        var digits = [UInt8](repeating: alphabet[0], count: count)
        var rest = number
        for index in digits.indices.reversed() {
            digits[index] = alphabet[Int(rest % 62)]
            rest /= 62
        }
        return digits
    }

    /// The number that at most ten digits stand for. Calling it with anything but digits is a programming error.
    static func decode(_ digits: some Sequence<UInt8>) -> UInt64 {
        digits.reduce(0) { $0 * 62 + UInt64(value(of: $1)) }
    }
}
