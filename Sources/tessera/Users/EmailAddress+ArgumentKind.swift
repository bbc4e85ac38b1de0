import TesseraCore

extension ArgumentKind<EmailAddress> {
    /// The address of an existing account.
    static var email: ArgumentKind { ArgumentKind("EMAIL", "an e-mail address") { EmailAddress(of: $0) } }

    /// The address of a new account.
    static var newEmail: ArgumentKind { ArgumentKind("EMAIL", "an e-mail address") { EmailAddress($0) } }
}
