import TesseraCore

extension ArgumentKind<EmailAddress> {
    static var email: ArgumentKind { ArgumentKind("EMAIL", "an e-mail address") { EmailAddress($0) } }
}
