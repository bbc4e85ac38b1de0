import Testing

@testable import TesseraHTTP

@Suite struct CORSTests {
    private let app = Origin("https://app.example")!

    private func cors(_ change: (inout CORS.Configuration) -> Void = { _ in }) -> CORS {
        var configuration = CORS.Configuration(
            origins: [app, Origin("http://localhost:3000")!], paths: ["/api", "/oauth/token/"])
        change(&configuration)
        return CORS(configuration)
    }

    private func answer(
        _ cors: CORS, _ method: Method = .get, _ path: String = "/api/me", _ fields: Fields = Fields(),
        handler: @escaping Handler = { _ in Response(.ok, fields: [.vary: "Accept"]) }
    ) async throws -> Response {
        let request = Request(method, path, fields: fields)
        if let answer = cors.preflightAnswer(to: request) { return answer }
        var response = try await handler(request)
        cors.apply(to: &response, for: request)
        return response
    }

    private func corsFields(_ response: Response) -> [String] {
        response.fields.map(\.name).filter { $0.hasPrefix("Access-Control") }
    }

    @Test func namedOriginMayReadTheAnswer() async throws {
        let response = try await answer(cors(), .get, "/api/me", [.origin: "https://app.example"])
        #expect(response.status == .ok)
        #expect(response.fields.values(of: .accessControlAllowOrigin) == ["https://app.example"])
        #expect(
            response.fields[.accessControlExposeHeaders] == "WWW-Authenticate, Link, Location, Retry-After")
        #expect(response.fields.values(of: .vary) == ["Accept", "Origin"])
        #expect(corsFields(response).count == 2)
    }

    @Test func eachOriginIsNamedItself() async throws {
        let response = try await answer(cors(), .get, "/api/me", [.origin: "http://localhost:3000"])
        #expect(response.fields[.accessControlAllowOrigin] == "http://localhost:3000")
    }

    @Test(arguments: [
        nil, "https://evil.example", "https://app.example.evil.example", "https://app.example:8443",
        "http://app.example", "https://APP.example", "null", "*", "", "https://app.example/",
    ])
    func otherOriginGetsTheAnswerWithoutTheFields(_ origin: String?) async throws {
        var fields = Fields()
        fields[.origin] = origin
        let response = try await answer(cors(), .get, "/api/me", fields)
        #expect(response.status == .ok)
        #expect(corsFields(response).isEmpty)
        #expect(response.fields.values(of: .vary) == ["Accept", "Origin"])
    }

    @Test func twoOriginsCountAsNone() async throws {
        var fields: Fields = [.origin: "https://app.example"]
        fields.append(.origin, "https://app.example")
        #expect(corsFields(try await answer(cors(), .get, "/api/me", fields)).isEmpty)
    }

    @Test(arguments: [
        ("/api", true), ("/api/", true), ("/api/a/b", true), ("/oauth/token", true), ("/oauth/token/x", true),
        ("/", false), ("/ap", false), ("/apis", false), ("/oauth", false), ("/oauth/tokens", false),
        ("/API/me", false), ("/x/api", false),
    ])
    func onlyNamedPathsAnswerOtherOrigins(_ path: String, _ applies: Bool) async throws {
        let response = try await answer(cors(), .get, path, [.origin: "https://app.example"])
        #expect((corsFields(response).count > 0) == applies)
        #expect(response.fields.values(of: .vary).contains("Origin") == applies)
    }

    @Test func preflightIsAnsweredWithoutAskingTheHandler() async throws {
        let fields: Fields = [.origin: "https://app.example", .accessControlRequestMethod: "DELETE"]
        let response = try await answer(cors(), .options, "/api/x", fields) { _ in
            throw HTTPError(.notFound, "")
        }
        #expect(response.status == .noContent)
        #expect(response.fields[.accessControlAllowOrigin] == "https://app.example")
        #expect(response.fields[.accessControlAllowMethods] == "GET, HEAD, POST, PUT, PATCH, DELETE")
        #expect(
            response.fields[.accessControlAllowHeaders]
                == "Authorization, Content-Type, Idempotency-Key, traceparent, tracestate, X-Requested-With")
        #expect(response.fields[.accessControlMaxAge] == "600")
        #expect(response.fields[.vary] == "Origin")
        #expect(corsFields(response).count == 4)
    }

    @Test(arguments: ["capacitor://localhost", "chrome-extension://abcdefghijklmnopabcdefghijklmnop"])
    func appsAndExtensionsMatchExactly(_ text: String) async throws {
        let cors = cors { $0.origins = [Origin(text)!] }
        for (origin, isAllowed) in [
            (text, true), (text + "x", false), (text + ":1", false), ("ionic://localhost", false),
        ] {
            let answer = try await answer(cors, .get, "/api/me", [.origin: origin])
            #expect(answer.fields[.accessControlAllowOrigin] == (isAllowed ? origin : nil))
            #expect(answer.fields.values(of: .vary) == ["Accept", "Origin"])
        }
    }

    @Test(
        arguments: [
            ("/api/me", "https://app.example", "https://app.example", true),
            ("/api/me", "https://evil.example", nil, true),
            ("/api/me", nil, nil, true), ("/", "https://app.example", nil, false),
            (nil, "https://app.example", nil, false),
        ] as [(String?, String?, String?, Bool)])
    func requestsRefusedBeforeAHandlerAreAnsweredAlike(
        _ path: String?, _ origin: String?, _ allowed: String?, _ varies: Bool
    ) {
        var response = Response(.badRequest)
        cors().apply(to: &response, for: RefusedRequest(path: path, origin: origin))
        #expect(response.fields[.accessControlAllowOrigin] == allowed)
        #expect(response.fields.values(of: .vary) == (varies ? ["Origin"] : []))
    }

    @Test func configurationDecidesWhatAPreflightAllows() async throws {
        let cors = cors {
            $0.methods = [.get]
            $0.requestFields = [.authorization, "X-CSRF"]
            $0.exposedFields = ["Tessera-Refusal"]
            $0.preflightLifetime = .seconds(5)
        }
        let fields: Fields = [.origin: "https://app.example", .accessControlRequestMethod: "GET"]
        let preflight = try await answer(cors, .options, "/api", fields)
        #expect(preflight.fields[.accessControlAllowMethods] == "GET")
        #expect(preflight.fields[.accessControlAllowHeaders] == "Authorization, X-CSRF")
        #expect(preflight.fields[.accessControlMaxAge] == "5")
        let response = try await answer(cors, .get, "/api", fields)
        #expect(response.fields[.accessControlExposeHeaders] == "Tessera-Refusal")
    }

    @Test(arguments: [
        Fields(dictionaryLiteral: (.accessControlRequestMethod, "GET")),
        Fields(dictionaryLiteral: (.origin, "https://evil.example"), (.accessControlRequestMethod, "GET")),
        Fields(dictionaryLiteral: (.origin, "null"), (.accessControlRequestMethod, "GET")),
    ])
    func preflightOfAnotherOriginIsAnOrdinaryRequest(_ fields: Fields) async throws {
        let response = try await answer(cors(), .options, "/api", fields) { _ in
            Response(.noContent, fields: [.allow: "GET"])
        }
        #expect(response.fields[.allow] == "GET")
        #expect(corsFields(response).isEmpty)
        #expect(response.fields[.vary] == "Origin")
    }

    @Test func optionsWithoutARequestMethodIsNoPreflight() async throws {
        let response = try await answer(cors(), .options, "/api", [.origin: "https://app.example"])
        #expect(response.status == .ok)
        #expect(response.fields[.accessControlAllowMethods] == nil)
    }

    @Test func credentialsAndTheStarAreNeverAllowed() async throws {
        let fields: Fields = [.origin: "https://app.example", .accessControlRequestMethod: "GET"]
        for method in [Method.get, .options] {
            let response = try await answer(cors(), method, "/api", fields)
            #expect(response.fields.count(of: "Access-Control-Allow-Credentials") == 0)
            #expect(
                !response.fields.contains { $0.name.hasPrefix("Access-Control") && $0.value.contains("*") })
        }
    }

    @Test func withoutOriginsNothingIsAdded() async throws {
        let cors = cors { $0.origins = [] }
        let response = try await answer(cors, .get, "/api", [.origin: "https://app.example"])
        #expect(response.fields.map(\.name) == ["Vary"])
        #expect(response.fields[.vary] == "Accept")
    }
}
