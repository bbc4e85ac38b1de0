import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraOpenAPI
import TesseraServer
import TesseraTestKit
import Testing

/// Routes of an embedding program that declare a body, an error style, an access or a scope.
@Suite struct RouteDeclarationTests {
    private struct Note: APIBody, Decodable {
        static let schema = JSONSchema.closedObject(
            .required("text", .string(1...200)), .optional("stars", .integer(1...5)),
            .optional("color", .choice("red", "blue")), .optional("due", .instant.nullable),
            .optional("author", .email)
        ).named("NewNote")
        static let example = #"{"text": "A ring is missing."}"#
        let text: String
        let stars: Int?
    }

    private struct Exchange: APIBody, Decodable {
        static let schema = JSONSchema.object(
            .required("grant_type", .string(1...100)), .optional("resource", .array(of: .string(1...100))))
        static let example = "grant_type=code&resource=a&resource=b"
        static let mediaTypes: [MediaType] = [.form]

        enum CodingKeys: String, CodingKey {
            case grantType = "grant_type"
            case resource
        }

        let grantType: String
        let resource: [String]?
    }

    private static func world() async throws -> TestAuthority {
        try await TestAuthority(addRoutes: { authority, router in
            let add: @Sendable (Request, Caller, Note) async throws -> Response = { _, _, note in
                .json(.created, fields: [.location: "/api/notes/1"]) { json in
                    json.object { $0.member("text", note.text) }
                }
            }
            let answers = [APIOperation.Answer.created(.object(.required("text", .string)), "The note.")]
            router.post(
                "/api/notes", authority.protect(.tokensWrite, add),
                APIOperation("addNote", "Add a note", in: .caller, answers: answers))
            router.post(
                "/api/notes/once", authority.protect(.tokensWrite, authority.creating(add)),
                APIOperation("addNoteOnce", "Add a note once", in: .caller, answers: answers))
            router.post(
                "/api/notes/open",
                authority.open { (_, _: Caller?, _: Note) in Response(.noContent) },
                APIOperation("addOpenNote", "Add a note", in: .caller, answers: [.noContent("Done.")]))
            router.group(under: "/exchange", errors: .oauth) {
                $0.post(
                    "/token",
                    authority.unprotected { (_, exchange: Exchange) in
                        .json { $0.object { $0.member("count", exchange.resource?.count ?? 0) } }
                    },
                    APIOperation(
                        "exchange", "Exchange a grant", in: .caller,
                        answers: [.ok(.object(.required("count", .integer())), "The number of resources.")]))
                $0.get("/refused", handler: { _ in throw HTTPError(.forbidden, "Not “here”.") })
                $0.get("/broken", handler: { _ in throw StoreError(.unavailable, "Away.") })
                $0.get(
                    "/mine", authority.protect { _, _ in Response(.noContent) },
                    APIOperation("mine", "Show mine", in: .caller, answers: [.noContent("It is there.")]))
                $0.get(
                    "/page",
                    authority.unprotected { _ in throw HTTPError(.conflict, "Gone.") }
                        .answeringErrors(as: .problem),
                    APIOperation(
                        "page", "Show a page", in: .caller,
                        answers: [.problem(.conflict, "It is gone.")]))
            }
            router.on(
                .post, "/exchange/client", Endpoint(.client) { _ in Response(.noContent) },
                APIOperation("client", "Be a client", in: .caller, answers: [.noContent("You are one.")]))
        })
    }

    @Test(arguments: [
        (#"{"text":""}"#, "text", "must have 1 to 200 characters"),
        (#"{}"#, "text", "is required"), (#"{"text":null}"#, "text", "must be a string"),
        (#"{"text":"a","stars":0}"#, "stars", "must be an integer from 1 to 5"),
        (#"{"text":"a","stars":null}"#, "stars", "must be an integer from 1 to 5"),
        (#"{"text":"a","color":"green"}"#, "color", "must be “red” or “blue”"),
        (
            #"{"text":"a","due":"2027-02-30T00:00:00Z"}"#, "due",
            "must be an instant such as 2027-01-31T12:00:00Z"
        ),
        (#"{"text":"a","author":"nobody"}"#, "author", "must be an e-mail address"),
        (#"{"text":"a","txt":"b"}"#, "txt", "is not known"), ("[]", "", "must be an object"),
    ])
    func describedBodyIsEnforcedBeforeTheHandlerRuns(
        _ body: String, _ path: String, _ message: String
    ) async throws {
        let world = try await Self.world()
        let token = try await world.token(for: try await world.person("ada"), scopes: ["tokens:write"])
        for target in ["/api/notes", "/api/notes/once", "/api/notes/open"] {
            let answer = try await world.client().send(.post, target, token: token, json: body)
            #expect(answer.isProblem(422))
            let violation = answer["violations"]?.array?.first?.object
            #expect(violation?["path"]?.string == path)
            #expect(violation?["message"]?.string == message)
        }
    }

    @Test func bodyThatKeepsTheRulesReachesTheHandler() async throws {
        let world = try await Self.world()
        let token = try await world.token(for: try await world.person("ada"), scopes: ["tokens:write"])
        let text = String(repeating: "é", count: 200)
        let json = #"{"text":"\#(text)","stars":5,"due":null}"#
        for target in ["/api/notes", "/api/notes/once"] {
            let answer = try await world.client().send(.post, target, token: token, json: json)
            #expect(answer.status == 201)
            #expect(answer["text"]?.string == text)
        }
        #expect(try await world.client().send(.post, "/api/notes/open", json: json).status == 204)
    }

    @Test func callerIsCheckedBeforeTheBody() async throws {
        let world = try await Self.world()
        let token = try await world.token(for: try await world.person("ada"))
        #expect(try await world.client().send(.post, "/api/notes", json: "no JSON").isProblem(401))
        #expect(
            try await world.client().send(.post, "/api/notes", token: token, json: "no JSON").isProblem(403))
    }

    @Test func documentKnowsBodiesStylesAndAccess() async throws {
        let world = try await Self.world()
        let document = try #require(try await world.client().get("/openapi.json").json.object)
        func operation(_ path: String) throws -> JSONObject {
            let methods = try #require(document["paths"]?.object?[path]?.object?.members, "\(path)")
            return try #require(methods.first?.value.object)
        }
        func schema(_ path: String, _ status: String) throws -> String? {
            let content = try operation(path)["responses"]?.object?[status]?.object?["content"]?.object
            return content?.members.first?.value.object?["schema"]?.object?["$ref"]?.string
        }
        let note = try operation("/api/notes")["requestBody"]?.object?["content"]?.object?["application/json"]
        #expect(note?.object?["schema"]?.object?["$ref"]?.string == "#/components/schemas/NewNote")
        let form = try operation("/exchange/token")["requestBody"]?.object?["content"]?.object
        let example = form?["application/x-www-form-urlencoded"]?.object?["example"]?.object
        #expect(example?["resource"]?.array?.count == 2)
        #expect(try schema("/api/notes", "422") == "#/components/schemas/ProblemWithViolations")
        #expect(try schema("/exchange/token", "400") == "#/components/schemas/OAuthError")
        #expect(try schema("/exchange/token", "422") == nil)
        #expect(try schema("/exchange/page", "409") == "#/components/schemas/Problem")
        let security = try operation("/exchange/client")["security"]?.array?.first?.object?.members.map(
            \.name)
        #expect(security == ["client"])
        #expect(document["components"]?.object?["securitySchemes"]?.object?["client"] != nil)
        // The description of Tessera itself names no client.
        let own = try #require(try await TestAuthority().client().get("/openapi.json").json.object)
        #expect(own["components"]?.object?["securitySchemes"]?.object?["client"] == nil)
    }

    @Test(
        arguments: [
            (Method.post, "/exchange/token", "grant_type=a&resource=x", 200, nil),
            (.post, "/exchange/token", "grant_type=", 400, "invalid_request"),
            (.post, "/exchange/token", "grant_type=a&grant_type=b", 400, "invalid_request"),
            (.get, "/exchange/token", "", 405, "invalid_request"),
            (.get, "/exchange/nothing", "", 404, "invalid_request"),
            (.get, "/exchange/refused", "", 403, "unauthorized_client"),
            (.get, "/exchange/broken", "", 503, "temporarily_unavailable"),
            (.get, "/exchange/mine", "", 401, "invalid_client"),
        ] as [(Method, String, String, Int, String?)])
    func errorsBelowAPrefixHaveItsStyle(
        _ method: Method, _ path: String, _ body: String, _ status: Int, _ code: String?
    ) async throws {
        let world = try await Self.world()
        for accept in ["text/html", "*/*"] {
            let fields: Fields = [.contentType: "application/x-www-form-urlencoded", .accept: accept]
            let answer = try await world.client().send(method, path, fields: fields, body: Array(body.utf8))
            #expect(answer.status == status)
            #expect(answer["error"]?.string == code)
            guard code != nil else { continue }
            #expect(answer.fields[.contentType] == "application/json")
            #expect(answer.fields.values(of: .cacheControl) == ["no-store"])
            let refusal = try #require(answer.refusal)
            #expect(answer["error_uri"]?.string == "http://127.0.0.1:8080/refusals/\(refusal)")
            // RFC 6749 §5.2: printable ASCII without quotation marks and backslashes.
            let description = try #require(answer["error_description"]?.string)
            #expect(description.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C })
            #expect((answer.challenge != nil) == (status == 401))
            #expect((answer.fields[.allow] != nil) == (status == 405))
        }
    }

    @Test func requestThatIsRefusedUnreadHasTheStyleOfItsPrefix() async throws {
        let world = try await Self.world()
        for (path, type) in [
            ("/exchange/token", "application/json"), ("/api/me", "application/problem+json"),
            ("/login", "application/problem+json"),
        ] {
            let response = world.authority.response(
                to: HTTPError(.contentTooLarge, "Too large."), for: RefusedRequest(path: path, origin: nil))
            #expect(response.status == .contentTooLarge)
            #expect(response.fields[.contentType] == type)
        }
    }

    @Test func routeMayHaveAnotherStyleThanItsPrefix() async throws {
        let world = try await Self.world()
        let answer = try await world.client().send(.get, "/exchange/page", fields: [.accept: "text/html"])
        #expect(answer.isProblem(409))
    }

    @Test(arguments: [
        ("/api/nothing", "text/html", "application/problem+json"),
        ("/api/me", "text/html", "application/problem+json"),
        ("/api", "text/html", "text/html; charset=utf-8"),
        ("/nothing", "text/html", "text/html; charset=utf-8"),
        ("/nothing", "*/*", "application/problem+json"),
        ("/apiary/x", "text/html", "text/html; charset=utf-8"),
    ])
    func pathsForProgramsAnswerWithProblemsAndOthersAsTheClientPrefers(
        _ path: String, _ accept: String, _ type: String
    ) async throws {
        let client = try await TestAuthority().client()
        #expect(try await client.send(.get, path, fields: [.accept: accept]).fields[.contentType] == type)
    }

    @Test func routeWithAScopeThatTheCatalogueLacksIsAnErrorAtStart() async throws {
        let hoard = try #require(ScopeToken("hoard:audit"))
        func start(_ scopes: [ScopeDefinition]) async throws {
            _ = try await TestAuthority(
                scopes: scopes,
                addRoutes: { authority, router in
                    router.get(
                        "/api/hoard", authority.protect(hoard) { _, _ in Response(.noContent) },
                        APIOperation("audit", "Audit", in: .caller, answers: [.noContent("Done.")]))
                })
        }
        try await start([ScopeDefinition(hoard, "Audit the hoard")])
        let error = await #expect(throws: MissingScopes.self) { try await start([]) }
        let sentence = try #require(error?.description)
        #expect(sentence.contains("GET /api/hoard needs the scope hoard:audit"))
        #expect(sentence.contains("AuthorityConfiguration.scopes"))
        #expect(sentence.contains("tessera scope add hoard:audit"))
    }
}
