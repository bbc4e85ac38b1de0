import TesseraCore
import TesseraCrypto
import TesseraJOSE

/// Marks browsers in which a person has signed in, so that they have a budget of their own for passwords.
///
/// The mark is an identifier and a code over it and the account's address. It opens nothing: its bearer may try
/// passwords of this one account, as slowly as any client.
struct KnownBrowsers: Sendable {
    /// The lifetime of the mark; browsers keep no cookie for longer.
    static let lifetime = Duration.seconds(400 * 86_400)
    private static let identifierLength = 22

    private let key: Secret

    init(key: Secret) { self.key = key }

    /// A new mark for a browser in which this account has signed in.
    func mark(for email: EmailAddress, random: RandomSource) -> String {
        let identifier = Base64URL.encode(random.bytes(16))
        return "\(identifier).\(code(identifier, email.key))"
    }

    /// The identifier of a browser that is known for the account of an address as typed; `nil` for any other.
    func identifier(in mark: String?, for email: String) -> String? {
        EmailAddress(of: email).flatMap { identifier(in: mark, for: $0) }
    }

    /// The identifier of a browser that is known for this account; `nil` for any other.
    func identifier(in mark: String?, for email: EmailAddress) -> String? {
        guard let mark else { return nil }
        let parts = mark.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == Self.identifierLength else { return nil }
        let identifier = String(parts[0])
        let isKnown = email.keys.contains { key in
            ConstantTime.areEqual(Array(parts[1].utf8), Array(code(identifier, key).utf8))
        }
        return isKnown ? identifier : nil
    }

    /// The identifier has one length, so that nothing of the address can pass for a part of it.
    private func code(_ identifier: String, _ email: String) -> String {
        Base64URL.encode(HMACSHA256.code(for: Array("\(identifier).\(email)".utf8), key: key).bytes)
    }
}
