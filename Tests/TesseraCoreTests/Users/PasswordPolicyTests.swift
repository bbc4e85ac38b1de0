import TesseraCore
import Testing

@Suite struct PasswordPolicyTests {
    private let policy = PasswordPolicy()
    private let email: EmailAddress

    init() throws { email = try #require(EmailAddress("ember@example.com")) }

    @Test(arguments: [
        "keeper-of-the-hoard", "fifteen letters", "пароль из слов",
        // A common word among others is accepted.
        "a password of goblets",
        (0..<128).map { "dent\($0 + 1_000)" }.joined(),
    ])
    func longPasswordsOfAnyCharactersAreAccepted(_ password: String) {
        let padded = password.unicodeScalars.count < 15 ? password + "…" : password
        #expect(policy.violation(in: padded, of: email) == nil)
    }

    @Test(
        "NIST SP 800-63B-4 §3.1.1.2",
        arguments: [
            "fourteen lette", "", String(repeating: "a", count: 20), "my ember@example.com",
            String(repeating: "a9-", count: 257),
        ])
    func weakPasswordsAreRefusedWithAReason(_ password: String) {
        #expect(policy.violation(in: password, of: email)?.isEmpty == false)
    }

    @Test(
        "NIST SP 800-63B-4 §3.1.1.2: common, expected, repeated",
        arguments: [
            ("password123456789", "tried first"), ("P@ssword-Welcome-1!", "tried first"),
            ("correct horse battery staple", "tried first"), ("iloveyou sunshine", "tried first"),
            ("passwordpassword", "repeats"), ("abcdabcdabcdabc", "repeats"),
            ("abcdefghijklmnop", "follows"), ("qwertyuiop1234567890", "follows"),
            ("1234567890987654", "follows"), ("emberember-2026!", "name"), ("tessera-tessera-2026", "name"),
            ("Dagny.Dagny.2026!", "name"),
        ])
    func guessablePasswordsAreRefusedWithTheReason(_ password: String, _ reason: String) throws {
        let sentence = try #require(policy.violation(in: password, of: email, username: "Dagny"))
        #expect(sentence.contains(reason), "\(sentence)")
    }

    @Test(arguments: [
        "ember keeps gobletry", "tessera mosaics of gold", "abcdefgh keeps goblets",
        "gobgob gobgoblets in a row",
    ])
    func nearMissesOfGuessablePasswordsAreAccepted(_ password: String) {
        #expect(policy.violation(in: password, of: email, username: "Dagny") == nil)
    }
}
