import Testing

@testable import TesseraServer

@Suite struct ErrorPageTests {
    static func page(title: String = "Page not found", refusalID: String? = nil) -> ErrorPage {
        ErrorPage(
            context: .signedOut(), status: 404, title: title, sentence: "Nothing is here.",
            refusalID: refusalID)
    }

    @Test func statusTitleAndSentenceAreTold() {
        let document = Self.page().document
        #expect(document.first("h1")?.text == "Page not found")
        #expect(document.all("p").map(\.text).prefix(2) == ["Error 404", "Nothing is here."])
        #expect(document.first("a") { $0.text == "Go to the start page" }?.attributes["href"] == "/")
    }

    @Test func reasonIsLinkedWhereItIsKept() {
        let link = Self.page(refusalID: "0193").document.first("a") { $0.text == "0193" }
        #expect(link?.attributes["href"] == "/refusals/0193")
        #expect(
            Self.page().document.all("a").allSatisfy { $0.attributes["href"]?.hasPrefix("/refusals") != true }
        )
    }

    @Test func textsAreEscaped() {
        expectNoMarkup(from: Self.page(title: hostile))
    }
}
