import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraOpenAPI
import TesseraTestKit
import Testing

@testable import TesseraServer

@Suite struct ErrorResponsesTests {
    @Test func onlyWhereAChangeMayHaveHappenedTheOutcomeIsNotKnown() async throws {
        let errors = [
            "/api/late": StoreError(.unavailable, "Nobody answers."),
            "/api/lost": .outcomeUnknown("The connection broke."),
        ]
        let world = try await TestAuthority(addRoutes: { _, router in
            for (path, error) in errors { router.post(path) { _ in throw error } }
        })
        var details: [String?] = []
        for path in errors.keys.sorted() {
            let answer = try await world.client().send(.post, path)
            #expect(answer.status == 503)
            details.append(answer["detail"]?.string)
        }
        #expect(
            details == [
                "The store cannot answer at present.",
                "The store cannot answer at present. What became of the request is not known.",
            ])
    }

    /// The methods and fields of Fetch, "HTTP CORS protocol": without them a page would only learn that something failed.
    @Test(
        arguments: [
            (Method.get, "/api/nothing", Fields(), 404), (.put, "/api/me", Fields(), 405),
            (.get, "/api/me", Fields(), 401), (.get, "/api/me", [.authorization: "Bearer x"], 401),
            (.post, "/api/late", Fields(), 503), (.post, "/api/many", Fields(), 429),
            (.post, "/api/large", Fields(), 413),
        ] as [(Method, String, Fields, Int)])
    func errorsCanBeReadByPagesThatAreLetIn(
        _ method: Method, _ path: String, _ fields: Fields, _ status: Int
    ) async throws {
        let app = try #require(Origin("capacitor://localhost"))
        let world = try await TestAuthority(
            configure: { $0.allowedOrigins = [app] },
            addRoutes: { _, router in
                router.post("/api/late") { _ in throw StoreError(.unavailable, "Nobody answers.") }
                router.post("/api/many") { _ in
                    throw HTTPError(.tooManyRequests, "Too many.", fields: [.retryAfter: "1"])
                }
                router.post("/api/large") { _ in throw HTTPError(.contentTooLarge, "Too large.") }
            })
        for (origin, allowed) in [(app.text, app.text), ("capacitor://elsewhere", nil), (nil, nil)]
            as [(String?, String?)]
        {
            var fields = fields
            if let origin { fields.append(.origin, origin) }
            let answer = try await world.client().send(method, path, fields: fields)
            #expect(answer.status == status)
            #expect(answer.fields[.accessControlAllowOrigin] == allowed)
            #expect(answer.fields.values(of: .vary).contains("Origin"))
        }
    }

    @Test func requestsThatAreRefusedUnreadCanBeReadByThosePagesToo() async throws {
        let app = try #require(Origin("https://app.example"))
        let world = try await TestAuthority(configure: { $0.allowedOrigins = [app] })
        func answer(_ path: String?, _ origin: String?) -> Response {
            world.authority.response(
                to: HTTPError(.requestHeaderFieldsTooLarge, "Too large."),
                for: RefusedRequest(path: path, origin: origin))
        }
        let allowed = answer("/api/me", app.text)
        #expect(allowed.fields[.accessControlAllowOrigin] == app.text)
        #expect(allowed.fields[.accessControlExposeHeaders]?.contains("Tessera-Refusal") == true)
        #expect(answer("/api/me", "https://evil.example").fields[.accessControlAllowOrigin] == nil)
        #expect(answer("/api/me", "https://evil.example").fields[.vary] == "Origin")
        #expect(answer(nil, app.text).fields[.accessControlAllowOrigin] == nil)
        #expect(answer("/login", app.text).fields[.accessControlAllowOrigin] == nil)
    }

    @Test func theConfigurationNamesTheFieldsThatPagesMaySend() async throws {
        let app = try #require(Origin("https://app.example"))
        let world = try await TestAuthority(configure: {
            $0.allowedOrigins = [app]
            $0.allowedRequestFields += ["X-Trace-Id"]
        })
        let answer = try await world.client().send(
            .options, "/api/tokens", fields: [.origin: app.text, .accessControlRequestMethod: "POST"])
        #expect(answer.status == 204)
        #expect(
            answer.fields[.accessControlAllowHeaders]
                == "Authorization, Content-Type, Idempotency-Key, traceparent, tracestate, X-Requested-With, X-Trace-Id"
        )
    }

    @Test("RFC 9110 §13.1.1: a change that depends on a state is not made, since no state can be named")
    func conditionalChangesAreRefused() async throws {
        let world = try await TestAuthority()
        let ada = try await world.person("ada")
        let path = "/api/tokens/\(try await world.issue(to: ada).token.id)"
        let client = world.client()
        let bearer = "Bearer \(try await world.token(for: ada, scopes: ["tokens:write"]))"
        func revoke(_ fields: Fields) async throws -> Int {
            try await client.send(.delete, path, fields: fields).status
        }
        #expect(try await revoke(["If-Match": "\"a\""]) == 401)
        #expect(try await revoke([.authorization: bearer, "If-Match": "\"a\""]) == 412)
        #expect(try await revoke([.authorization: bearer, "If-Match": "*"]) == 204)
    }

    @Test("RFC 9110 §15.5.2: a 401 has a challenge, as a page, too")
    func aPageThatAsksForCredentialsHasAChallenge() async throws {
        let world = try await TestAuthority(addRoutes: { _, router in
            router.get("/reports") { _ in throw Refused.nothingSent }
            router.get("/reports/late") { _ in throw Refused(TokenCheck.Rejection.malformed) }
        })
        for (path, challenge) in [
            ("/reports", #"Bearer realm="Tessera""#),
            (
                "/reports/late",
                #"Bearer realm="Tessera", error="invalid_token", error_description="The access token is malformed""#
            ),
        ] {
            for type in ["text/html", "application/problem+json"] {
                let answer = try await world.client().send(.get, path, fields: [.accept: type])
                #expect(answer.status == 401)
                #expect(answer.fields[.contentType]?.hasPrefix(type) == true)
                #expect(answer.fields.values(of: .wwwAuthenticate) == [challenge])
            }
        }
    }
}
