import TesseraCore
import TesseraCrypto
import TesseraHTTP
import TesseraTestKit
import Testing

@testable import TesseraServer

/// Tokens that stand for an application and for no person.
@Suite struct ClientTokenTests {
    @Test func tokenOfAClientIsRefusedWhereAPersonIsNeeded() async throws {
        let kit = try await TestAuthority()
        let token = try await kit.tokenOfClient(scope: [.tokensRead, .tokensWrite])
        // Answered at once from the store and from the cache, and by handlers that wait.
        for (method, path) in [
            (Method.get, "/api/me"), (.get, "/api/me"), (.get, "/api/tokens"), (.post, "/api/tokens"),
        ] {
            let client = kit.client()
            let answer =
                method == .get
                ? try await client.get(path, token: token)
                : try await client.send(method, path, token: token, json: #"{"name":"x","scopes":[]}"#)
            #expect(answer.status == 403)
            #expect(
                answer.text.contains("This needs a person, and the access token stands for an application."))
            let id = try #require(answer.refusal.flatMap { Refusal.ID($0) })
            let refusal = try #require(try await kit.authority.refusals.find(id))
            #expect(refusal.cause == .personNeeded)
            #expect(refusal.token != nil && refusal.owner == nil)
        }
        #expect(try await kit.authority.store.tokens(of: nil, before: nil, limit: 9).count == 1)
    }

    @Test func secretOfAnotherKindIsToldAsMalformedAndLoggedAsWhatItIs() async throws {
        let kit = try await TestAuthority()
        for kind in [TokenFormat.Kind.refresh, .clientSecret, .registration] {
            let secret = TokenFormat().draw(kind, from: .system)
            let answer = try await kit.client().get("/api/me", token: secret.plainText)
            #expect(answer.status == 401)
            #expect(answer.text.contains("The access token is malformed"))
            #expect(!answer.text.contains(secret.plainText))
            let id = try #require(answer.refusal.flatMap { Refusal.ID($0) })
            let refusal = try #require(try await kit.authority.refusals.find(id))
            #expect(refusal.cause == .misplaced)
        }
    }
}
