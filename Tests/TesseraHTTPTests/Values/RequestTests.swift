import Testing

@testable import TesseraHTTP

@Suite struct RequestTests {
    @Test func parametersAreFoundByName() {
        var parameters = PathParameters()
        parameters.append(name: "a", value: "1")
        parameters.append(name: "b", value: "2")
        #expect(parameters["b"] == "2")
    }

    @Test func missingParameterIsAProgrammingError() async {
        await #expect(processExitsWith: .failure) { _ = PathParameters()["id"] }
    }

    @Test func bodyIsReadUpToItsLimit() async throws {
        let body = RequestBody([1, 2, 3])
        #expect(try await body.collect(upTo: 3) == [1, 2, 3])
        let error = await #expect(throws: HTTPError.self) { try await body.collect(upTo: 2) }
        #expect(error?.status == .contentTooLarge)
        #expect(try await RequestBody.empty.collect(upTo: 0) == [])
    }

    @Test func requestIDIsSixteenDigits() {
        #expect(RequestID(value: 0).description == "0000000000000000")
        #expect(RequestID(value: 0xABC).description == "0000000000000abc")
        #expect(RequestID(value: .max).description == "ffffffffffffffff")
    }

    @Test func statusIsComparedByCode() {
        #expect(Status(404, "Gone fishing") == .notFound)
        #expect(Status.notFound.description == "404 Not Found")
        #expect(Set([Status.ok, Status(200, "Fine")]).count == 1)
    }

    @Test func responseOfAMediaTypeSaysSo() {
        let response = Response(.ok, "text/plain", [1], fields: [.vary: "Accept"])
        #expect(response.fields.map(\.name) == ["Vary", "Content-Type"])
        #expect(response.fields[.contentType] == "text/plain")
    }
}
