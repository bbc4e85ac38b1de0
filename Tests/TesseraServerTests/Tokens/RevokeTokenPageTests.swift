import Testing

@testable import TesseraServer

@Suite struct RevokeTokenPageTests {
    @Test func pageSaysWhatWillStopWorking() {
        let page = RevokeTokenPage(context: .signedIn(), token: .sample())
        let facts = page.document.all("dd").map(\.text)
        #expect(
            facts == [
                "tcp_…a1B2", "2 hours ago, from 203.0.113.7. Something may still depend on it.",
                "treasure:createtreasure:edit",
                "1 day ago", "in 29 days",
            ])
        #expect(page.document.first("h1")?.text == "Revoke “Backup script”?")
    }

    @Test func onlyTheButtonRevokes() {
        let document = RevokeTokenPage(context: .signedIn(), token: .sample()).document
        let forms = document.all("form").filter { $0.ancestors.contains("main") }
        #expect(forms.map { $0.attributes["action"] } == ["/settings/tokens/0193/revoke"])
        #expect(
            document.all("button").filter { $0.ancestors.contains("main") }.map(\.text) == ["Revoke token"])
        #expect(document.first("a") { $0.text == "Cancel" }?.attributes["href"] == "/settings/tokens/0193")
    }

    @Test func unusedTokenSaysSo() {
        let page = RevokeTokenPage(context: .signedIn(), token: .sample(lastUsed: nil, expires: nil))
        #expect(page.document.all("dd").map(\.text).contains("Never used"))
        #expect(page.document.all("dd").last?.text == "never")
    }

    @Test func nameIsEscaped() {
        expectNoMarkup(from: RevokeTokenPage(context: .signedIn(), token: .sample(name: hostile)))
    }
}
