import Testing

@testable import TesseraServer

@Suite struct SignInPageTests {
    @Test func fieldsAreLabelledAndKnownToPasswordManagers() {
        let document = SignInPage(context: .signedOut(), next: "/settings/tokens").document
        #expect(document.label(for: "email") == "Email")
        #expect(document.label(for: "password") == "Password")
        #expect(document.element(id: "email")?.attributes["autocomplete"] == "username")
        #expect(document.element(id: "password")?.attributes["autocomplete"] == "current-password")
        #expect(document.element(id: "password")?.attributes["type"] == "password")
        #expect(document.all("button").map(\.text) == ["Sign in"])
        #expect(document.first("form")?.attributes["action"] == "/login")
        #expect(
            document.first("input") { $0.attributes["name"] == "next" }?.attributes["value"]
                == "/settings/tokens")
    }

    @Test func failureIsReadOutAndKeepsTheEmail() {
        let page = SignInPage(context: .signedOut(), email: "a@b.example", next: "/", error: "Not right.")
        let document = page.document
        #expect(page.title == "Error: Sign in")
        #expect(document.element(id: "error-summary")?.text == "Not right.")
        #expect(document.element(id: "error-summary")?.attributes["role"] == "alert")
        #expect(document.element(id: "email")?.attributes["value"] == "a@b.example")
        #expect(document.element(id: "email")?.attributes["aria-invalid"] == "true")
        #expect(document.element(id: "password")?.attributes["value"] == nil)
    }

    @Test func whatIsTypedIsEscaped() {
        expectNoMarkup(from: SignInPage(context: .signedOut(), email: hostile, next: "/"))
        expectNoMarkup(from: SignInPage(context: .signedOut(), next: hostile))
    }
}
