import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraOpenAPI
import TesseraServer
import TesseraTestKit
import Testing

@Suite struct APIDescriptionTests {
    /// The document as a client reads it.
    private static func document(_ world: TestAuthority) async throws -> JSONObject {
        try #require(try await world.client().get("/openapi.json").json.object)
    }

    private static func operations(_ document: JSONObject) -> [(route: String, operation: JSONObject)] {
        (document["paths"]?.object?.members ?? []).flatMap { path in
            (path.value.object?.members ?? []).compactMap { method in
                method.value.object.map { ("\(method.name.uppercased()) \(path.name)", $0) }
            }
        }
    }

    @Test func documentAndRouteTableNameTheSameOperations() async throws {
        let world = try await TestAuthority()
        let written = Self.operations(try await Self.document(world)).map(\.route)
        let described = world.description.routes.map { "\($0.route.method) \($0.path)" }
        #expect(Set(written) == Set(described))
        #expect(written.count == described.count)
        #expect(written.contains("DELETE /api/tokens/{id}"))
        #expect(written.contains("GET /openapi.json"))
    }

    @Test func routeThatIsNotDescribedIsNotForPrograms() async throws {
        let world = try await TestAuthority()
        var router = Router()
        world.authority.addRoutes(to: &router)
        let described = Set(router.descriptions.map(\.route))
        let others = router.routes.filter { !described.contains($0) }
        #expect(!others.isEmpty)
        #expect(!others.contains { $0.pattern.hasPrefix("/api/") })
        let browser = try await world.browser(of: try await world.person("ember"))
        for route in others where route.method == .get {
            let type = try await browser.get(route.pattern).fields[.contentType] ?? ""
            #expect(!type.contains("json"), "\(route) answers JSON and is not described")
        }
    }

    @Test func scopeOfTheDescriptionIsTheScopeOfTheCheck() async throws {
        let world = try await TestAuthority()
        let ember = try await world.person("ember")
        let token = try await world.token(for: ember)
        for route in world.description.routes {
            guard case .knownCaller(let scopes) = route.access, !scopes.isEmpty else { continue }
            let target = route.path.replacing("{id}", with: ember.id.description)
            let answer = try await world.client().send(route.route.method, target, token: token)
            #expect(answer.isProblem(403), "\(route.route)")
            let named = "scope=\"\(scopes.joined(separator: " "))\""
            #expect(answer.challenge?.contains(named) == true, "\(route.route)")
        }
    }

    @Test func operationSaysWhichCredentialsWillDo() async throws {
        let document = try await Self.document(try await TestAuthority())
        func security(_ route: String) -> JSONValue? {
            Self.operations(document).first { $0.route == route }?.operation["security"]
        }
        func json(_ text: String) throws -> JSONValue { try JSONValue.parse(Array(text.utf8)) }
        #expect(security("GET /healthz") == (try json("[]")))
        #expect(security("GET /api/me") == (try json(#"[{"bearer":[]},{"session":[]}]"#)))
        #expect(
            security("POST /api/tokens")
                == (try json(#"[{"bearer":["tokens:write"]},{"session":[],"form_token":[]}]"#)))
    }

    @Test func namesAreUnique() async throws {
        let routes = try await TestAuthority().description.routes
        #expect(Set(routes.map(\.operation.id)).count == routes.count)
        let document = try await Self.document(try await TestAuthority())
        let names = document["components"]?.object?["schemas"]?.object?.members.map(\.name) ?? []
        #expect(names.contains("Token") && names.contains("Problem"))
    }

    @Test func exampleOfABodyIsAllowed() async throws {
        for route in try await TestAuthority().description.routes {
            guard let body = route.body else { continue }
            #expect(body.schema.violations(in: try #require(body.exampleValue)) == [], "\(route.route)")
        }
    }

    @Test func copyThatIsStillGoodIsNotSentAgain() async throws {
        let client = try await TestAuthority().client()
        let first = try await client.get("/openapi.json")
        let tag = try #require(first.fields["ETag"])
        #expect(first.fields[.cacheControl] == "public, max-age=60")
        let second = try await client.send(.get, "/openapi.json", fields: ["If-None-Match": tag])
        #expect(second.status == 304)
        #expect(second.bytes.isEmpty)
        for value in ["*", "W/\(tag)", "\"other\", \(tag)"] {
            #expect(
                try await client.send(.get, "/openapi.json", fields: ["If-None-Match": value]).status == 304)
        }
        for value in ["\"other\"", "\"x\(tag.dropFirst())", String(tag.dropFirst().dropLast())] {
            #expect(
                try await client.send(.get, "/openapi.json", fields: ["If-None-Match": value]).status == 200)
        }
        #expect(try await client.send(.get, "/openapi.json", fields: ["If-Match": tag]).status == 200)
        #expect(try await client.send(.get, "/openapi.json", fields: ["If-Match": "\"other\""]).status == 412)
    }

    @Test func routesOfAnEmbeddingProgramAreDescribed() async throws {
        let world = try await TestAuthority(addRoutes: { authority, router in
            router.put(
                "/api/hoards/:hoard", authority.protect(.tokensRead) { _, _ in Response(.noContent) },
                APIOperation(
                    "fillHoard", "Fill a hoard", in: .caller, answers: [.noContent("It is full.")]))
        })
        let found = Self.operations(try await Self.document(world)).first {
            $0.route == "PUT /api/hoards/{hoard}"
        }
        let operation = try #require(found?.operation)
        let statuses = operation["responses"]?.object?.members.map(\.name)
        #expect(statuses == ["204", "400", "401", "403", "404", "412", "503"])
        #expect(operation["parameters"]?.array?.first?.object?["name"]?.string == "hoard")
    }

    @Test func answerThatIsNotDescribedIsNoticed() async throws {
        let world = try await TestAuthority(addRoutes: { authority, router in
            router.get(
                "/api/late", authority.unprotected { _ in .json { $0.object { $0.member("extra", true) } } },
                APIOperation("late", "Be late", in: .caller, answers: [.ok(.object(), "Late.")]))
        })
        await #expect(throws: UndescribedAnswer.self) { try await world.client().get("/api/late") }
    }
}
