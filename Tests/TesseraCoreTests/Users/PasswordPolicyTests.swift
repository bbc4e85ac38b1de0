import TesseraCore
import Testing

@Suite struct PasswordPolicyTests {
    private let policy = PasswordPolicy()
    private let email: EmailAddress

    init() throws { email = try #require(EmailAddress("ember@example.com")) }

    @Test(arguments: [
        "keeper-of-the-hoard", "fifteen letters", "пароль из слов", String(repeating: "abcd", count: 256),
    ])
    func longPasswordsOfAnyCharactersAreAccepted(_ password: String) {
        let padded = password.unicodeScalars.count < 15 ? password + "…" : password
        #expect(policy.violation(in: padded, of: email) == nil)
    }

    @Test(
        "NIST SP 800-63B-4 §3.1.1.2",
        arguments: [
            "fourteen lette", "", String(repeating: "a", count: 20), "my ember@example.com",
            String(repeating: "abcd", count: 257),
        ])
    func weakPasswordsAreRefusedWithAReason(_ password: String) {
        #expect(policy.violation(in: password, of: email)?.isEmpty == false)
    }
}
