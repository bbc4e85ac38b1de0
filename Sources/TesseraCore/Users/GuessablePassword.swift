/// A password as seen by an attacker who tries the easy ones first.
struct GuessablePassword {
    /// In lower case.
    private let text: String

    init(_ password: String) { text = password.lowercased() }

    /// Indicates that the password repeats one short piece, such as `abcdabcdabcdabcd`; the last repetition may be cut off.
    var repeatsItself: Bool {
        let scalars = Array(text.unicodeScalars)
        guard scalars.count >= 4 else { return false }
        return (1...scalars.count / 2).contains { length in
            scalars.indices.dropFirst(length).allSatisfy { scalars[$0] == scalars[$0 - length] }
        }
    }

    /// Indicates that most characters follow their predecessor in the alphabet, in the digits or in a row of a keyboard.
    var isSequence: Bool {
        let scalars = Array(text.unicodeScalars)
        guard scalars.count >= 4 else { return false }
        let steps = zip(scalars, scalars.dropFirst()).count { Self.follow($0, $1) }
        return steps * 4 >= (scalars.count - 1) * 3
    }

    /// The number of letters that are left when these words and all other characters are taken out.
    func remainder(without words: [String]) -> Int {
        var rest = text
        for word in words.sorted(by: { $0.unicodeScalars.count > $1.unicodeScalars.count })
        where word.unicodeScalars.count >= 4 {
            rest = rest.split(separator: word).joined(separator: " ")
        }
        return rest.unicodeScalars.count { $0.properties.isAlphabetic || $0.value > 0x7F }
    }

    private static let rows = ["qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop"]
        .map { Array($0.unicodeScalars) }

    private static func follow(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Bool {
        let distance = Int(second.value) - Int(first.value)
        if abs(distance) <= 1 || (first == "9" && second == "0") { return true }
        return rows.contains { row in
            guard let one = row.firstIndex(of: first), let other = row.firstIndex(of: second) else {
                return false
            }
            return abs(one - other) == 1
        }
    }
}
