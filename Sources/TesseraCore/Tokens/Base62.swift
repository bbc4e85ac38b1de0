/// The digits of token strings: `0`–`9`, `A`–`Z`, `a`–`z`.
enum Base62 {
    static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// What a byte that is no digit stands for in `values`.
    private static let none: UInt8 = 0xFF

    private static let values: [UInt8] = {
        var values = [UInt8](repeating: none, count: 256)
        for (value, digit) in alphabet.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()

    static func contains(_ byte: UInt8) -> Bool { values[Int(byte)] != none }

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
        digits.reduce(0) { $0 * 62 + UInt64(values[Int($1)]) }
    }
}
