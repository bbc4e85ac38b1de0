import Testing

@testable import TesseraServer

@Suite struct RefusalPageTests {
    @Test func causeAdviceAndFactsAreTold() {
        let document = RefusalPage(context: .signedIn(), refusal: .sample()).document
        #expect(document.first("h1")?.text == "The token was revoked")
        #expect(document.all("h2").map(\.text) == ["What to do", "The request"])
        let facts = zip(document.all("dt"), document.all("dd")).map { "\($0.text): \($1.text)" }
        #expect(
            facts == [
                "When: 23 November 2026, 11:55 UTC (5 minutes ago)", "Request: POST /api/treasures",
                "Token: Backup script (tcp_…a1B2)", "Scopes needed: treasure:create", "Scopes held: none",
                "Client address: 203.0.113.7", "Refusal: 0193f2a0-7c1d-7e52-9b1f-2c6d1a4e8f00",
            ])
    }

    @Test func whatTheRequestSaidIsEscaped() {
        let values: [RefusalView.Value] = [.text(hostile), .code(hostile), .scopes([hostile])]
        for value in values {
            let refusal = RefusalView.sample(facts: [.init(label: "Request", value: value)])
            expectNoMarkup(from: RefusalPage(context: .signedIn(), refusal: refusal))
        }
        expectNoMarkup(from: RefusalPage(context: .signedIn(), refusal: .sample(title: hostile)))
    }

    @Test func unknownAndForeignRefusalsLookTheSame() {
        let page = RefusalNotFoundPage(context: .signedIn(), retention: "7 days")
        #expect(page.document.first("h1")?.text == "Nothing to show here")
        #expect(page.document.all("dd").isEmpty)
    }

    @Test func nobodySignedInIsToldThatSigningInMayHelp() {
        let document = RefusalNotFoundPage(context: .signedOut(), retention: "7 days").document
        #expect(document.first("a") { $0.text == "Sign in" }?.attributes["href"] == "/login")
    }
}
