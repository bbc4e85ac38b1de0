import Testing

@testable import TesseraHTTP

@Suite struct CatchErrorsTests {
    private let layer = catchErrors { error, request in
        let error = error as? HTTPError ?? HTTPError(.internalServerError, request.path)
        return ProblemDetails(error).response(fields: error.fields)
    }

    @Test func answerPassesUntouched() async throws {
        let response = try await layer { _ in Response(.created) }(Request(.get, "/"))
        #expect(response.status == .created)
        #expect(response.fields.count == 0)
    }

    @Test func errorBecomesAnAnswerWithItsFields() async throws {
        let refuse: Handler = { _ in throw HTTPError(.methodNotAllowed, "No.", fields: [.allow: "GET"]) }
        let response = try await layer(refuse)(Request(.get, "/"))
        #expect(response.status == .methodNotAllowed)
        #expect(response.fields[.allow] == "GET")
        #expect(response.fields[.contentType] == "application/problem+json")
    }

    @Test func anyErrorIsRenderedForItsRequest() async throws {
        let response = try await layer { _ in throw CancellationError() }(Request(.get, "/here"))
        #expect(response.status == .internalServerError)
        guard case .bytes(let body) = response.body else {
            Issue.record("no body")
            return
        }
        #expect(String(decoding: body, as: UTF8.self).contains("/here"))
    }
}
