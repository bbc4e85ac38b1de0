/// A stored argon2id hash with everything that checking a password needs: `$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH`.
///
/// The salt and the hash are in Base64 without padding. Strict: a text that parses is written back as the same text.
struct PHCString: Hashable {
    let parameters: Argon2Parameters
    let salt: [UInt8]
    let hash: [UInt8]

    init(parameters: Argon2Parameters, salt: [UInt8], hash: [UInt8]) {
        self.parameters = parameters
        self.salt = salt
        self.hash = hash
    }

    /// Parses the stored text; `nil` for another algorithm or version, parameters out of range, a salt outside 8–64
    /// bytes, a hash outside 16–64 bytes, or any other spelling.
    init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].isEmpty, parts[1].elementsEqual("argon2id".utf8),
            parts[2].elementsEqual("v=19".utf8)
        else { return nil }
        let costs = parts[3].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard costs.count == 3,
            let memory = Self.number(costs[0], named: "m"),
            let passes = Self.number(costs[1], named: "t"),
            let lanes = Self.number(costs[2], named: "p"),
            let parameters = Argon2Parameters(memory: memory, passes: passes, lanes: lanes),
            let salt = Base64.decode(parts[4]), (8...64).contains(salt.count),
            let hash = Base64.decode(parts[5]), (16...64).contains(hash.count)
        else { return nil }
        self.init(parameters: parameters, salt: salt, hash: hash)
    }

    var text: String {
        "$argon2id$v=19$m=\(parameters.memory),t=\(parameters.passes),p=\(parameters.lanes)"
            + "$\(Base64.encode(salt))$\(Base64.encode(hash))"
    }

    /// A decimal number without sign or leading zero, after its name and `=`.
    private static func number(_ text: Substring.UTF8View, named name: Unicode.Scalar) -> Int? {
        var digits = text
        guard digits.popFirst() == UInt8(ascii: name), digits.popFirst() == UInt8(ascii: "="),
            let first = digits.first, first != UInt8(ascii: "0"), digits.count <= 10
        else { return nil }
        var number = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            number = number * 10 + Int(digit - 0x30)
        }
        return number
    }
}

/// Base64 with the standard alphabet and without padding, as in the PHC string format; each byte string has one text.
private enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var pending: UInt32 = 0
        var bits: UInt32 = 0
        for byte in bytes {
            pending = pending << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(pending >> bits & 0x3F)])
            }
        }
        if bits > 0 { text.append(alphabet[Int(pending << (6 - bits) & 0x3F)]) }
        return String(decoding: text, as: UTF8.self)
    }

    static func decode(_ text: Substring.UTF8View) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        var pending: UInt32 = 0
        var bits: UInt32 = 0
        for character in text {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            pending = pending << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: pending >> bits))
            }
        }
        return pending & (1 << bits - 1) == 0 ? bytes : nil
    }
}
