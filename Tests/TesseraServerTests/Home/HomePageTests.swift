import Testing

@testable import TesseraServer

@Suite struct HomePageTests {
    @Test func signedOutLeadsToSignIn() {
        let document = HomePage(context: .signedOut()).document
        #expect(document.first("a") { $0.text == "Sign in" }?.attributes["href"] == "/login")
    }

    @Test(arguments: [
        (0, 0, "0 active tokens", "Make one to let a program act for you."),
        (1, 0, "1 active token", "None of them expires soon."),
        (3, 1, "3 active tokens", "One of them expires soon."),
        (5, 2, "5 active tokens", "2 of them expire soon."),
    ])
    func overviewCountsTokens(active: Int, soon: Int, count: String, outlook: String) {
        let document = HomePage(
            context: .signedIn(), overview: .init(activeTokens: active, expiringSoon: soon)
        ).document
        let paragraphs = document.all("p").map(\.text)
        #expect(paragraphs.contains(count))
        #expect(paragraphs.contains(outlook))
        #expect(document.first("a") { $0.text == "Manage tokens" }?.attributes["href"] == "/settings/tokens")
        #expect(document.first("a") { $0.text == "New token" }?.attributes["href"] == "/settings/tokens/new")
    }
}
