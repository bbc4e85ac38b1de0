import Testing

@testable import TesseraServer

@Suite struct ErrorPageTests {
    static func page(title: String = "Page not found", reason: ErrorPage.Reason? = nil) -> ErrorPage {
        ErrorPage(
            context: .signedOut(), status: 404, title: title, sentence: "Nothing is here.",
            reason: reason)
    }

    @Test func statusTitleAndSentenceAreTold() {
        let document = Self.page().document
        #expect(document.first("h1")?.text == "Page not found")
        #expect(document.all("p").map(\.text).prefix(2) == ["Error 404", "Nothing is here."])
        #expect(document.first("a") { $0.text == "Go to the start page" }?.attributes["href"] == "/")
    }

    @Test func reasonIsLinkedWhereItIsKept() {
        let own = Self.page(reason: .init(refusal: "0193", isForTheReader: true)).document
        #expect(own.first("a") { $0.text == "0193" }?.attributes["href"] == "/refusals/0193")
        let foreign = Self.page(reason: .init(refusal: "0193", isForTheReader: false)).document
        #expect(foreign.first("code")?.text == "0193")
        for document in [foreign, Self.page().document] {
            #expect(document.all("a").allSatisfy { $0.attributes["href"]?.hasPrefix("/refusals") != true })
        }
    }

    @Test func textsAreEscaped() {
        expectNoMarkup(from: Self.page(title: hostile))
    }
}
