import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraServer
import TesseraTestKit
import Testing

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
}
