import TesseraBearer
import Testing

@Suite struct BearerChallengeTests {
    @Test("RFC 6750 §3, N065") func withoutCredentialsNoErrorIsNamed() {
        #expect(BearerChallenge(realm: "example").fieldValue == #"Bearer realm="example""#)
        #expect(
            BearerChallenge(realm: "example", errorDescription: "never said").fieldValue
                == #"Bearer realm="example""#)
    }

    @Test("RFC 6750 §3") func anExpiredTokenIsNamed() {
        let challenge = BearerChallenge(
            realm: "example", error: .invalidToken, errorDescription: "The access token expired")
        #expect(
            challenge.fieldValue
                == #"Bearer realm="example", error="invalid_token", error_description="The access token expired""#
        )
    }

    @Test func everyAttributeComesOnceAndInOrder() {
        let challenge = BearerChallenge(
            realm: "Dragon Treasure", error: .insufficientScope, errorDescription: "More is needed",
            scope: ["treasure:create", "user:edit"],
            resourceMetadata: "https://api.example/.well-known/oauth-protected-resource")
        #expect(
            challenge.fieldValue
                == #"Bearer realm="Dragon Treasure", error="insufficient_scope", "#
                + #"error_description="More is needed", scope="treasure:create user:edit", "#
                + #"resource_metadata="https://api.example/.well-known/oauth-protected-resource""#)
    }

    @Test(
        "N016, N070",
        arguments: [
            "a\"b", "a\\b", "a\", error=\"none", "a\r\nSet-Cookie: x=y", "a\u{0}b", "é", "🐉", "e\u{301}",
            "\u{7F}", "\t",
        ])
    func nothingEndsAnAttributeOrTheField(_ text: String) {
        let value = BearerChallenge(
            realm: text, error: .invalidToken, errorDescription: text, scope: [text], resourceMetadata: text
        ).fieldValue
        #expect(value.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\\") })
        #expect(value.utf8.count { $0 == UInt8(ascii: "\"") } == 10)
    }

    @Test func restrictedCharactersAreReplacedOneForOne() {
        #expect(BearerChallenge(realm: "a\"b\\c\r\nd🐉").fieldValue == #"Bearer realm="a'b/c??d?""#)
    }

    @Test func errorCodesHaveTheirGrammar() {
        #expect(BearerChallenge.ErrorCode("use_dpop_nonce")?.text == "use_dpop_nonce")
        for text in ["", "a b", "a\"", "a\\", "é", "a\n"] { #expect(BearerChallenge.ErrorCode(text) == nil) }
    }
}
