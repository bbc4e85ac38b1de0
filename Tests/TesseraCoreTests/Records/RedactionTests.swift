import TesseraCore
import TesseraTestKit
import TesseraText
import Testing

@Suite struct RedactionTests {
    private let word = String(repeating: "a1_B", count: 17)

    @Test func possibleTokensAreRedacted() {
        #expect(Redaction.redact("/x/\(word)/y") == "/x/<redacted>/y")
        #expect(Redaction.redact(word) == "<redacted>")
        #expect(Redaction.redact("a \(word), \(word)") == "a <redacted>, <redacted>")
    }

    @Test func otherTextStays() {
        let text =
            "GET /api/treasures/017f22e2-79b0-7cc3-98c4-dc0c0c07398f 200 é 0123456789abcdef0123456789abcdef"
        #expect(Redaction.redact(text) == text)
    }

    @Test(arguments: ["tcp", "abc", "zzz"])
    func tokensWithEveryPrefixAreRedacted(prefix: String) {
        let token = prefix + "_" + String(repeating: "k", count: 64)
        #expect(Redaction.redact("/x/\(token)?t=\(token)") == "/x/<redacted>?t=<redacted>")
    }
}

/// Texts that are stored with a request.
@Suite struct ExcerptTests {
    private let token = "tcp_" + String(repeating: "a1B", count: 20)
    private let limit = TextLimit(0...200)

    @Test(arguments: 0...220)
    func tokenAtEveryCutIsRedacted(_ position: Int) {
        let path = String(repeating: "/", count: position) + token
        let excerpt = Redaction.excerpt(of: path, within: limit)
        #expect(excerpt == String((String(repeating: "/", count: position) + "<redacted>").prefix(200)))
    }

    @Test(arguments: 150...200)
    func recordsContainNoPartOfAToken(_ position: Int) throws {
        let text = String(repeating: "/", count: position) + token
        let refusal = Self.refusal(text)
        let token = AccessToken.make(owner: .make())
        let request = TokenRequest(
            id: fixtureIdentifiers.next(at: fixtureInstant), at: fixtureInstant, token: token.id,
            owner: token.owner, method: text, path: text, status: 200, address: text)
        let session = Session.make(user: .make(), userAgent: text, address: text)
        let event = AuditEvent.make(from: text)
        let kept = [
            refusal.method, refusal.path, refusal.address, refusal.origin ?? "", request.method, request.path,
            request.address, session.userAgent, session.address, event.address ?? "",
        ]
        for text in kept { #expect(!text.contains("tcp_") && text.unicodeScalars.count <= 200) }
    }

    private static func refusal(_ text: String) -> Refusal {
        Refusal(
            id: fixtureIdentifiers.next(at: fixtureInstant), at: fixtureInstant, cause: .unknown, status: 401,
            method: text, path: text, address: text, origin: text)
    }

    @Test func graphemeClusterIsNoLongerThanTheLimit() {
        let text = "a" + String(repeating: "\u{301}", count: 31_000)
        #expect(Self.refusal(text).path.utf8.count <= 401)
        #expect(Session.make(user: .make(), userAgent: text).userAgent.utf8.count <= 401)
    }
}
