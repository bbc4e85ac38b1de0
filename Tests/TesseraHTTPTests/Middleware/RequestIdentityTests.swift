import Testing

@testable import TesseraHTTP

@Suite struct RequestIdentityTests {
    @Test func answerCarriesTheIDOfItsRequestOnce() async throws {
        let handler = RequestIdentity.middleware { _ in Response(.ok, fields: [.requestID: "other"]) }
        let response = try await handler(Request(.get, "/", id: RequestID(value: 255)))
        #expect(response.fields.values(of: .requestID) == ["00000000000000ff"])
    }

    @Test func idOfTheClientIsNotTaken() async throws {
        let handler = RequestIdentity.middleware { _ in Response(.ok) }
        let response = try await handler(Request(.get, "/", fields: [.requestID: "mine"]))
        #expect(response.fields[.requestID] == "0000000000000000")
    }
}
