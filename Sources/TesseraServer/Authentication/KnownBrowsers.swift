import TesseraCore
import TesseraCrypto
import TesseraJOSE

/// Marks browsers in which somebody has signed in, so that they have a budget of their own for passwords.
///
/// The mark is an identifier and a code over it and the account's address. It opens nothing: whoever has it may try
/// passwords of this one account as slowly as anybody else.
struct KnownBrowsers: Sendable {
    /// How long a browser is known; browsers keep no cookie for longer.
    static let lifetime = Duration.seconds(400 * 86_400)
    private static let identifierLength = 22

    private let key: Secret

    init(key: Secret) { self.key = key }

    /// A new mark for a browser in which this account has signed in.
    func mark(for email: EmailAddress, random: RandomSource) -> String {
        let identifier = Base64URL.encode(random.bytes(16))
        return "\(identifier).\(code(identifier, email.text))"
    }

    /// The identifier of a browser that is known for this account; `nil` for any other.
    ///
    /// - Parameter email: As typed.
    func identifier(in mark: String?, for email: String) -> String? {
        guard let mark, let email = EmailAddress(email) else { return nil }
        let parts = mark.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == Self.identifierLength else { return nil }
        let expected = code(String(parts[0]), email.text)
        guard ConstantTime.areEqual(Array(parts[1].utf8), Array(expected.utf8)) else { return nil }
        return String(parts[0])
    }

    /// The identifier has one length, so that nothing of the address can pass for a part of it.
    private func code(_ identifier: String, _ email: String) -> String {
        Base64URL.encode(HMACSHA256.code(for: Array("\(identifier).\(email)".utf8), key: key).bytes)
    }
}
