import Testing

@testable import TesseraHTTP

@Suite struct ServiceLayerTests {
    private let recorder = AccessLogRecorder()

    private var handler: Handler {
        var router = Router()
        router.get("/api/me") { _ in Response(.ok, "application/json", Array("{}".utf8)) }
        router.get("/asset") { _ in Response(.ok, fields: [.cacheControl: "max-age=60"]) }
        router.get("/broken") { _ in throw CancellationError() }
        let cors = CORS(CORS.Configuration(origins: [Origin("https://app.example")!], paths: ["/api"]))
        let layer = ServiceLayer(cors: cors, accessLog: recorder.log) { error, _ in
            let error = error as? HTTPError ?? HTTPError(.internalServerError, "Something went wrong.")
            return Response(
                error.status, "application/problem+json", Array(error.detail.utf8), fields: error.fields)
        }
        return layer.middleware(router.makeHandler())
    }

    private func answer(_ method: Method, _ path: String, _ fields: Fields = Fields()) async throws
        -> Response
    {
        try await handler(Request(method, path, fields: fields, id: RequestID(value: 1)))
    }

    @Test(arguments: [
        (Method.get, "/api/me", Status.ok), (.get, "/nothing", .notFound),
        (.post, "/api/me", .methodNotAllowed),
        (.get, "/broken", .internalServerError), (.options, "/api/me", .noContent),
    ])
    func everyAnswerIsMarkedProtectedAndLogged(_ method: Method, _ path: String, _ status: Status)
        async throws
    {
        let response = try await answer(method, path)
        #expect(response.status == status)
        #expect(response.allFields[.requestID] == "0000000000000001")
        #expect(response.allFields.values(of: .contentTypeOptions) == ["nosniff"])
        #expect(response.allFields.values(of: .cacheControl) == ["no-store"])
        #expect(recorder.entries.map(\.status) == [status])
        #expect(recorder.entries.first?.duration == .microseconds(1500))
    }

    @Test func refusedMethodNamesTheAllowedOnes() async throws {
        #expect(try await answer(.put, "/api/me").allFields[.allow] == "GET, HEAD, OPTIONS")
    }

    @Test func preflightIsMarkedProtectedAndLogged() async throws {
        let response = try await answer(
            .options, "/api/me", [.origin: "https://app.example", .accessControlRequestMethod: "GET"])
        #expect(response.status == .noContent)
        #expect(response.allFields[.allow] == nil)
        #expect(
            response.allFields[.accessControlAllowHeaders]?.hasPrefix("Authorization, Content-Type, ") == true
        )
        #expect(response.allFields[.requestID] != nil)
        #expect(response.allFields[.contentTypeOptions] == "nosniff")
        #expect(recorder.entries.count == 1)
    }

    @Test(arguments: ["/api/me", "/api/nothing"])
    func otherOriginMayReadErrorsToo(_ path: String) async throws {
        let response = try await answer(.get, path, [.origin: "https://app.example"])
        #expect(response.allFields.values(of: .accessControlAllowOrigin) == ["https://app.example"])
    }

    @Test func immediateAnswersVaryByOrigin() throws {
        let cors = CORS(CORS.Configuration(origins: [Origin("https://app.example")!], paths: ["/api"]))
        let layer = ServiceLayer(cors: cors) { _, _ in Response(.internalServerError) }
        let responder = layer.around(
            Responder(immediate: { _ in Response(.ok) }, handler: { _ in Response(.ok) }))
        let immediate = try #require(responder.immediate)
        #expect(try immediate(Request(.get, "/api/me"))?.allFields.values(of: .vary) == ["Origin"])
        #expect(try immediate(Request(.get, "/"))?.allFields.values(of: .vary) == [])
        #expect(try immediate(Request(.get, "/api/me", fields: [.origin: "https://app.example"])) == nil)
    }

    @Test func handlersOwnFieldsStay() async throws {
        #expect(try await answer(.get, "/asset").allFields.values(of: .cacheControl) == ["max-age=60"])
    }

    @Test func everyPartButTheErrorsIsOptional() async throws {
        let layer = ServiceLayer { _, _ in Response(.internalServerError) }
        let response = try await layer.middleware { _ in Response(.ok) }(
            Request(.get, "/api/me", fields: [.origin: "https://app.example"]))
        #expect(response.status == .ok)
        #expect(response.allFields[.vary] == nil)
        #expect(response.allFields[.accessControlAllowOrigin] == nil)
    }
}
