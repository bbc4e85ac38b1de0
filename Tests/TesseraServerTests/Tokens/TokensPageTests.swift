import Testing

@testable import TesseraServer

@Suite struct TokensPageTests {
    @Test func tokenIsShownByWhatAPersonKnowsOfIt() throws {
        let document = TokensPage(context: .signedIn(), tokens: [.sample()]).document
        let row = try #require(document.element(id: "token-0193"))
        #expect(row.name == "li")
        for fact in [
            "Backup script", "tcp_…a1B2", "treasure:create", "treasure:edit", "Active", "Created1 day ago",
            "Last used2 hours ago, from 203.0.113.7", "Expiresin 29 days",
        ] {
            #expect(row.text.contains(fact), "\(fact)")
        }
    }

    @Test func revokeLeadsToAConfirmationAndNamesTheToken() throws {
        let document = TokensPage(context: .signedIn(), tokens: [.sample()]).document
        let link = try #require(document.first("a") { $0.text == "Revoke" })
        #expect(link.attributes["href"] == "/settings/tokens/0193/revoke")
        let description = try #require(link.attributes["aria-describedby"])
        #expect(document.element(id: description)?.text == "Backup script")
    }

    @Test(arguments: [
        (TokenSummary.State.active, "Active", true), (.expiresSoon, "Expires soon", true),
        (.beingReplaced, "Being replaced", true), (.disabled, "Disabled", true),
        (.expired, "Expired", false), (.revoked, "Revoked", false),
    ])
    func stateIsAWordAndADrawing(state: TokenSummary.State, word: String, canBeRevoked: Bool) throws {
        let document = TokensPage(context: .signedIn(), tokens: [.sample(state: state)]).document
        let chip = try #require(document.first("span") { $0.attributes["class"]?.hasPrefix("chip ") == true })
        #expect(chip.text == word)
        #expect(document.first("svg") { $0.ancestors.last == "span" && $0.ancestors.contains("li") } != nil)
        #expect((document.first("a") { $0.text == "Revoke" } != nil) == canBeRevoked)
    }

    @Test func nameLeadsToThePageOfTheToken() {
        let document = TokensPage(context: .signedIn(), tokens: [.sample()]).document
        #expect(
            document.first("a") { $0.text == "Backup script" }?.attributes["href"] == "/settings/tokens/0193")
    }

    @Test func marksStandBesideTheState() {
        let marks: [TokenSummary.Mark] = [.unused(days: 90), .outlivesPolicy]
        let document = TokensPage(context: .signedIn(), tokens: [.sample(marks: marks)]).document
        let chips = document.all("span").filter { $0.attributes["class"]?.hasPrefix("chip ") == true }
        #expect(chips.map(\.text) == ["Active", "Unused for 90 days", "Outlives the policy"])
    }

    @Test func replacedTokenEndsAndDoesNotExpire() {
        let document = TokensPage(context: .signedIn(), tokens: [.sample(state: .beingReplaced)]).document
        #expect(document.all("dt").map(\.text) == ["Created", "Last used", "Ends"])
    }

    @Test func concernsAreCountedAndLinked() {
        let document = TokensPage(
            context: .signedIn(), tokens: [.sample()], concerns: [(.expiring, 1), (.unused, 2)]
        ).document
        let links = document.all("a").filter { $0.attributes["href"]?.contains("?show=") == true }
        #expect(
            links.map(\.text) == [
                "1 token is about to expire", "2 tokens have not been used for a long time",
            ])
        #expect(
            links.map { $0.attributes["href"] } == [
                "/settings/tokens?show=expiring", "/settings/tokens?show=unused",
            ])
        #expect(TokensPage(context: .signedIn(), tokens: [.sample()]).document.element(id: "concerns") == nil)
    }

    @Test func revokingAllIsOfferedWhereThereIsSomethingToRevoke() {
        for canRevokeAll in [true, false] {
            let document = TokensPage(
                context: .signedIn(), tokens: [.sample()], canRevokeAll: canRevokeAll
            ).document
            #expect((document.first("a") { $0.text == "Revoke all tokens" } != nil) == canRevokeAll)
        }
    }

    @Test func whatNeverHappenedIsSaid() {
        let document = TokensPage(context: .signedIn(), tokens: [.sample(lastUsed: nil, expires: nil)])
            .document
        #expect(document.all("dd").map(\.text) == ["1 day ago", "Never used", "Never expires"])
    }

    @Test func aPersonWithoutTokensIsInvitedToMakeOne() {
        let document = TokensPage(context: .signedIn(), tokens: []).document
        #expect(document.all("h2").map(\.text) == ["No tokens yet"])
        let links = document.all("a").filter { $0.text == "New token" }
        #expect(links.map { $0.attributes["href"] } == ["/settings/tokens/new"])
    }

    @Test func otherPagesAreLinkedWhereThereAreSome() {
        let middle = TokensPage(
            context: .signedIn(), tokens: [.sample()], previousPage: "?page=1", nextPage: "?page=3"
        ).document
        #expect(middle.first("a") { $0.attributes["rel"] == "prev" }?.attributes["href"] == "?page=1")
        #expect(middle.first("a") { $0.attributes["rel"] == "next" }?.attributes["href"] == "?page=3")
        let only = TokensPage(context: .signedIn(), tokens: [.sample()]).document
        #expect(only.all("a").allSatisfy { $0.attributes["rel"] == nil })
    }

    @Test func nameAndScopesAreEscaped() {
        expectNoMarkup(from: TokensPage(context: .signedIn(), tokens: [.sample(name: hostile)]))
        expectNoMarkup(from: TokensPage(context: .signedIn(), tokens: [.sample(scopes: [hostile])]))
    }
}
