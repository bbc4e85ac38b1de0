import TesseraTime
import Testing

@testable import TesseraServer

@Suite struct TokenPageTests {
    /// What can be pressed or followed in the main part.
    private static func controls(of page: TokenPage) -> [String] {
        page.document.elements.filter {
            $0.ancestors.contains("main")
                && ($0.name == "button" || $0.attributes["class"]?.hasPrefix("button") == true)
        }.map(\.text)
    }

    @Test(arguments: [
        (TokenSummary.State.active, ["Rename", "Change expiry", "Rotate", "Disable", "Revoke"]),
        (.beingReplaced, ["End now", "Rename", "Change expiry", "Rotate", "Disable", "Revoke"]),
        (.disabled, ["Rename", "Change expiry", "Rotate", "Enable", "Revoke"]),
        (.expired, ["New token like this one"]), (.revoked, ["New token like this one"]),
    ])
    func whatCanBeDoneDependsOnTheState(state: TokenSummary.State, controls: [String]) {
        #expect(Self.controls(of: .sample(state: state)) == controls)
    }

    @Test func rotationIsOfferedWhereItIsPossible() {
        #expect(!Self.controls(of: .sample(canBeRotated: false)).contains("Rotate"))
    }

    @Test func expiryIsToldInWordsAndExactly() {
        let facts = TokenPage.sample().document.all("dd").map(\.text)
        #expect(facts.contains("in 29 days (22 December 2026, 12:00 UTC)"))
    }

    @Test func relativesAreLinked() {
        let history = TokenPage.History(
            replaces: .deleted, replacedBy: .known(.sample(id: "9", name: "The next", lastFour: "zzzz")))
        let document = TokenPage.sample(history: history).document
        #expect(
            document.first("a") { $0.text == "The next" }?.attributes["href"] == "/settings/tokens/9")
        #expect(document.all("dd").map(\.text).contains("a token that is deleted by now"))
    }

    /// Minutes since each was used, where the new one was made an hour ago.
    @Test(
        arguments: [(120, 1, true), (120, nil, false), (30, 1, false), (nil, 1, true)] as [(Int?, Int?, Bool)]
    )
    func tokenThatNothingNeedsIsCalledSo(old: Int?, new: Int?, isQuiet: Bool) {
        func use(_ minutes: Int?) -> NumericDate? { minutes.map { noon - .seconds($0 * 60) } }
        let successor = TokenSummary.sample(id: "9", created: noon - .seconds(3_600), lastUsed: use(new))
        let page = TokenPage.sample(
            state: .beingReplaced, lastUsed: use(old), history: .init(replacedBy: .known(successor)))
        #expect(page.text.contains("nothing has used this one since") == isQuiet)
    }

    @Test func everythingTypedIsEscaped() {
        expectNoMarkup(from: TokenPage.sample(name: hostile))
        expectNoMarkup(from: TokenPage.sample(metadata: [.init(name: hostile, text: hostile)]))
        expectNoMarkup(
            from: TokenPage.sample(history: .init(replacedBy: .known(.sample(name: hostile)))))
        expectNoMarkup(from: RenameTokenPage(context: .signedIn(), token: .sample(), typed: hostile))
        expectNoMarkup(from: RotateTokenPage(context: .signedIn(), token: .sample(name: hostile)))
        expectNoMarkup(from: EndTokenPage(context: .signedIn(), token: .sample(name: hostile)))
        expectNoMarkup(from: RevokeAllTokensPage(context: .signedIn(), tokens: [.sample(name: hostile)]))
    }
}

@Suite struct RotateTokenPageTests {
    @Test func aDayIsChosenUnlessSaidOtherwise() {
        let choices = RotateTokenPage(context: .signedIn(), token: .sample()).document.all("input")
            .filter { $0.attributes["name"] == "overlap" }
        #expect(choices.map { $0.attributes["value"] } == ["0", "1h", "24h", "7d"])
        #expect(choices.filter { $0.attributes["checked"] != nil }.map { $0.attributes["value"] } == ["24h"])
    }
}

@Suite struct RevokeAllTokensPageTests {
    @Test func whatStopsIsToldWithItsLastUse() throws {
        let document = RevokeAllTokensPage(
            context: .signedIn(), tokens: [.sample(), .sample(name: "CI", lastUsed: nil)]
        ).document
        #expect(document.element(id: "what-breaks")?.text == "2 tokens will stop working")
        let lines = document.all("li").filter { $0.ancestors.contains("section") }.map(\.text)
        #expect(
            lines == [
                "Backup script tcp_…a1B2last used 2 hours ago, from 203.0.113.7", "CI tcp_…a1B2never used",
            ])
    }

    @Test func veryManyAreCounted() {
        let tokens = Array(repeating: TokenSummary.sample(), count: 102)
        #expect(RevokeAllTokensPage(context: .signedIn(), tokens: tokens).text.contains("and 2 more"))
    }

    @Test func withoutTokensNothingCanBeRevoked() {
        let document = RevokeAllTokensPage(context: .signedIn(), tokens: []).document
        #expect(document.first("form") { $0.ancestors.contains("main") } == nil)
    }
}
