import Testing

@testable import TesseraHTTP

@Suite struct RouterTests {
    /// A handler that answers with this text and the given parameters.
    private func answer(_ text: String, _ parameters: String...) -> Handler {
        { request in
            let values = parameters.map { request.parameters[$0] }
            return Response(.ok, "text/plain", Array(([text] + values).joined(separator: " ").utf8))
        }
    }

    private func call(_ router: Router, _ method: Method, _ path: String) async throws -> String {
        let response = try await router.makeHandler()(Request(method, path))
        guard case .bytes(let bytes) = response.body else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func refusal(_ router: Router, _ method: Method, _ path: String) async -> HTTPError? {
        await #expect(throws: HTTPError.self) { try await router.makeHandler()(Request(method, path)) }
    }

    /// A middleware that writes its name before the inner answer.
    private func note(_ name: String) -> Middleware {
        { next in
            { request in
                var response = try await next(request)
                if case .bytes(let bytes) = response.body { response.body = .bytes(Array(name.utf8) + bytes) }
                return response
            }
        }
    }

    @Test func literalPathIsFound() async throws {
        var router = Router()
        router.get("/", handler: answer("root"))
        router.get("/api/me", handler: answer("me"))
        #expect(try await call(router, .get, "/") == "root")
        #expect(try await call(router, .get, "/api/me") == "me")
    }

    @Test(arguments: [
        "/api", "/api/me/", "/api/me/x", "/API/me", "/api/ME", "/api/m", "/api/mee", "//api/me", "api/me", "",
        "*",
        "/api/\u{212A}",
    ])
    func nearMissOfALiteralPathIsNotFound(_ path: String) async {
        var router = Router()
        router.get("/api/me", handler: answer("me"))
        router.get("/api/K", handler: answer("K"))
        #expect(await refusal(router, .get, path)?.status == .notFound)
    }

    @Test func eachMethodHasItsHandler() async throws {
        var router = Router()
        router.get("/a", handler: answer("get"))
        router.post("/a", handler: answer("post"))
        router.put("/a", handler: answer("put"))
        router.patch("/a", handler: answer("patch"))
        router.delete("/a", handler: answer("delete"))
        router.on(Method(unchecked: "PURGE"), "/a", handler: answer("purge"))
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "PURGE"] {
            #expect(try await call(router, Method(unchecked: method), "/a") == method.lowercased())
        }
    }

    @Test func parameterMatchesOneSegmentAsItIs() async throws {
        var router = Router()
        router.get("/users/:id", handler: answer("user", "id"))
        #expect(try await call(router, .get, "/users/7") == "user 7")
        #expect(try await call(router, .get, "/users/é :x") == "user é :x")
    }

    @Test(arguments: [
        "/users", "/users/", "/users/7/", "/users/7/x", "/user/7", "/userss/7", "users/7", "xusers/7",
    ])
    func nearMissOfAParameterPathIsNotFound(_ path: String) async {
        var router = Router()
        router.get("/users/:id", handler: answer("user", "id"))
        #expect(await refusal(router, .get, path)?.status == .notFound)
    }

    @Test func severalParametersAreKeptApart() async throws {
        var router = Router()
        router.get("/users/:user/treasures/:treasure", handler: answer("both", "treasure", "user"))
        #expect(try await call(router, .get, "/users/1/treasures/2") == "both 2 1")
    }

    @Test func oneShapeMayNameItsParameterDifferentlyByMethod() async throws {
        var router = Router()
        router.get("/users/:id", handler: answer("get", "id"))
        router.delete("/users/:user", handler: answer("delete", "user"))
        #expect(try await call(router, .get, "/users/7") == "get 7")
        #expect(try await call(router, .delete, "/users/7") == "delete 7")
    }

    @Test func literalWinsOverParameter() async throws {
        var router = Router()
        router.get("/tokens/:id", handler: answer("one", "id"))
        router.get("/tokens/new", handler: answer("new"))
        router.get("/:any/list/:id", handler: answer("any", "any", "id"))
        router.get("/tokens/list/:id", handler: answer("list", "id"))
        #expect(try await call(router, .get, "/tokens/new") == "new")
        #expect(try await call(router, .get, "/tokens/newer") == "one newer")
        #expect(try await call(router, .get, "/tokens/list/1") == "list 1")
        #expect(try await call(router, .get, "/users/list/1") == "any users 1")
    }

    @Test func deadEndLiteralFallsBackToTheParameter() async throws {
        var router = Router()
        router.get("/a/b/:x/d", handler: answer("literal", "x"))
        router.get("/a/:y/c/e", handler: answer("parameter", "y"))
        #expect(try await call(router, .get, "/a/b/c/d") == "literal c")
        #expect(try await call(router, .get, "/a/b/c/e") == "parameter b")
    }

    @Test func pathPicksBeforeTheMethod() async {
        var router = Router()
        router.delete("/tokens/:id", handler: answer("deleted", "id"))
        router.get("/tokens/new", handler: answer("new"))
        let refused = await refusal(router, .delete, "/tokens/new")
        #expect(refused?.status == .methodNotAllowed)
        #expect(refused?.fields[.allow] == "GET, HEAD, OPTIONS")
    }

    @Test func headIsAnsweredByGet() async throws {
        var router = Router()
        router.get("/a", handler: answer("get"))
        router.get("/b", handler: answer("get"))
        router.on(.head, "/b", handler: answer("own"))
        #expect(try await call(router, .head, "/a") == "get")
        #expect(try await call(router, .head, "/b") == "own")
    }

    @Test func headWithoutGetIsNotAllowed() async {
        var router = Router()
        router.post("/a", handler: answer("post"))
        let refused = await refusal(router, .head, "/a")
        #expect(refused?.status == .methodNotAllowed)
        #expect(refused?.fields[.allow] == "OPTIONS, POST")
    }

    @Test(arguments: ["PUT", "get", "FOO", "TRACE"])
    func otherMethodIsNotAllowed(_ method: String) async {
        var router = Router()
        router.get("/a/:id", handler: answer("get"))
        router.patch("/a/:id", handler: answer("patch"))
        let refused = await refusal(router, Method(unchecked: method), "/a/1")
        #expect(refused?.status == .methodNotAllowed)
        #expect(refused?.fields[.allow] == "GET, HEAD, OPTIONS, PATCH")
    }

    @Test func optionsAnswersWithAllow() async throws {
        var router = Router()
        router.get("/a", handler: answer("get"))
        let response = try await router.makeHandler()(Request(.options, "/a"))
        #expect(response.status == .noContent)
        #expect(response.fields[.allow] == "GET, HEAD, OPTIONS")
        #expect(await refusal(router, .options, "/b")?.status == .notFound)
    }

    @Test("RFC 9110 §9.3.7")
    func optionsOfTheWholeServerNamesAllMethods() async throws {
        var router = Router()
        router.get("/a", handler: answer("get"))
        router.delete("/a/:id", handler: answer("delete"))
        router.patch("/a/:id", handler: answer("patch"))
        let response = try await router.makeHandler()(Request(.options, "*"))
        #expect(response.status == .noContent)
        #expect(response.fields[.allow] == "DELETE, GET, HEAD, OPTIONS, PATCH")
    }

    @Test func optionsMayHaveItsOwnRoute() async throws {
        var router = Router()
        router.on(.options, "/a", handler: answer("own"))
        #expect(try await call(router, .options, "/a") == "own")
        #expect(await refusal(router, .get, "/a")?.fields[.allow] == "OPTIONS")
    }

    @Test func middlewareSurroundsFromTheOutside() async throws {
        var router = Router()
        router.get("/a", through: [note("1"), note("2")], handler: answer("a"))
        #expect(try await call(router, .get, "/a") == "12a")
    }

    @Test func groupAddsPrefixAndMiddleware() async throws {
        var router = Router()
        router.group(under: "/settings", through: [note("1"), note("2")]) {
            $0.get("/", handler: answer("home"))
            $0.get("/tokens/:id", through: [note("3")], handler: answer("token", "id"))
        }
        router.group(through: [note("g")]) { $0.get("/plain", handler: answer("plain")) }
        #expect(try await call(router, .get, "/settings") == "12home")
        #expect(try await call(router, .get, "/settings/tokens/7") == "123token 7")
        #expect(try await call(router, .get, "/plain") == "gplain")
        #expect(await refusal(router, .get, "/settings/")?.status == .notFound)
    }

    @Test func middlewareOfAGroupNeedsARoute() async {
        var router = Router()
        let refuse: Middleware = { _ in { _ in throw HTTPError(.forbidden, "no") } }
        router.group(through: [refuse]) { $0.get("/a", handler: answer("a")) }
        #expect(await refusal(router, .get, "/a")?.status == .forbidden)
        #expect(await refusal(router, .post, "/a")?.status == .methodNotAllowed)
        #expect(await refusal(router, .get, "/b")?.status == .notFound)
    }

    @Test func prefixOfAGroupMayHaveParameters() async throws {
        var router = Router()
        router.group(under: "/users/:user", through: [note("m")]) {
            $0.get("/:id", handler: answer("one", "id"))
        }
        #expect(try await call(router, .get, "/users/1/2") == "mone 2")
    }

    @Test func routesAreListedInOrder() {
        var router = Router()
        router.get("/b", handler: answer(""))
        router.group(under: "/g") { $0.post("/:id", handler: answer("")) }
        router.delete("/a", handler: answer(""))
        #expect(router.routes == [Route(.get, "/b"), Route(.post, "/g/:id"), Route(.delete, "/a")])
        #expect(router.routes[1].description == "POST /g/:id")
    }

    @Test func thrownErrorPassesThrough() async {
        struct Failure: Error {}
        var router = Router()
        router.get("/a") { _ in throw Failure() }
        let handler = router.makeHandler()
        await #expect(throws: Failure.self) { try await handler(Request(.get, "/a")) }
    }

    @Test func secondRegistrationOfAShapeIsAProgrammingError() async {
        await #expect(processExitsWith: .failure) {
            var router = Router()
            router.get("/a/:id") { _ in Response(.ok) }
            router.get("/a/:name") { _ in Response(.ok) }
        }
    }

    @Test func faultyPatternIsAProgrammingError() async {
        await #expect(processExitsWith: .failure) {
            var router = Router()
            router.get("/a/") { _ in Response(.ok) }
        }
    }
}
