import TesseraCrypto
import TesseraTime
import Testing

@testable import TesseraServer

@Suite struct TokenCreatedPageTests {
    static func page(name: String = "Backup script", expires: NumericDate? = nil) -> TokenCreatedPage {
        TokenCreatedPage(
            context: .signedIn(), token: Secret(utf8: "tcp_secret"), name: name,
            scopes: ["treasure:create"],
            expires: expires,
            tryAt: "http://127.0.0.1:8080/api/me")
    }

    @Test func elementHoldsTheTokenAlone() {
        #expect(Self.page().document.element(id: "new-token")?.text == "tcp_secret")
    }

    @Test func modelDoesNotTellTheToken() {
        #expect(!String(reflecting: Self.page()).contains("tcp_secret"))
    }

    @Test func commandIsReadyToRun() {
        #expect(
            Self.page().document.element(id: "try-it")?.text
                == "curl -H \"Authorization: Bearer tcp_secret\" http://127.0.0.1:8080/api/me")
    }

    @Test func copyButtonsWaitForTheScript() {
        let buttons = Self.page().document.all("button").filter { $0.attributes["data-copy"] != nil }
        #expect(buttons.map(\.text) == ["Copy token", "Copy command"])
        #expect(buttons.allSatisfy { $0.attributes["hidden"] != nil && $0.attributes["type"] == "button" })
    }

    @Test func pageSaysThatItIsShownOnce() {
        let document = Self.page().document
        #expect(document.all("strong").contains { $0.text == "Copy it now: it is shown only this once." })
        #expect(
            document.first("a") { $0.text == "Back to your tokens" }?.attributes["href"] == "/settings/tokens"
        )
    }

    @Test func expiryIsSaid() {
        #expect(Self.page().document.all("dd").last?.text == "never")
        #expect(
            Self.page(expires: noon + .seconds(30 * 86_400)).document.all("dd").last?.text
                == "in 30 days (23 December 2026, 12:00 UTC)")
    }

    @Test func nameIsEscaped() {
        expectNoMarkup(from: Self.page(name: hostile))
    }
}
