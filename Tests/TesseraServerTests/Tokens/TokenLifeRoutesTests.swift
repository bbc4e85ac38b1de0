import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraServer
import TesseraTestKit
import TesseraTime
import Testing

@Suite struct TokenLifeRoutesTests {
    /// A person at a browser, with a token.
    private struct World {
        let kit: TestAuthority
        let ember: User
        let browser: TestClient
        let issued: IssuedToken

        init(
            lifetime: Duration? = .seconds(30 * 86_400),
            configure: (inout AuthorityConfiguration) -> Void = { _ in }
        ) async throws {
            kit = try await TestAuthority(configure: configure)
            ember = try await kit.person("ember")
            browser = try await kit.browser(of: ember)
            issued = try await kit.issue(
                to: ember, scopes: ["tokens:read"], name: "Laptop", lifetime: lifetime)
            _ = try await browser.get("/settings/tokens/new")
        }

        var path: String { "/settings/tokens/\(issued.token.id)" }

        func status(of token: String? = nil) async throws -> Int {
            try await kit.client().get("/api/me", token: token ?? issued.secret.plainText).status
        }

        func stored() async throws -> AccessToken {
            try #require(try await kit.authority.store.token(issued.token.id))
        }

        func lastEvent() async throws -> AuditEvent {
            try #require(
                try await kit.authority.store.events(concerning: ember.id, limit: 1).first)
        }
    }

    private static let pages = ["", "/rename", "/expiry", "/rotate", "/end", "/revoke"]
    private static let forms = ["/rename", "/expiry", "/rotate", "/disable", "/enable", "/end", "/revoke"]

    @Test func everyPageBelongsToTheOwnerAlone() async throws {
        let world = try await World()
        let ash = try await world.kit.browser(of: try await world.kit.person("ash"))
        _ = try await ash.get("/settings/tokens/new")
        for page in Self.pages { #expect(try await ash.get(world.path + page).status == 404, "\(page)") }
        for form in Self.forms { #expect(try await ash.post(world.path + form).status == 404, "\(form)") }
        #expect(try await ash.get("/settings/tokens/none").status == 404)
        #expect(try await world.stored() == world.issued.token)
        for page in Self.pages {
            #expect(
                try await world.kit.client().get(world.path + page).location?.hasPrefix("/login?next=")
                    == true)
        }
    }

    @Test(arguments: forms + ["all"])
    func formWithoutItsProofDoesNothing(form: String) async throws {
        let world = try await World()
        let path = form == "all" ? "/settings/tokens/revoke-all" : world.path + form
        #expect(try await world.browser.post(path, form: [("name", "x")], proof: "wrong").status == 403)
        #expect(try await world.stored() == world.issued.token)
    }

    @Test func tokenIsRenamed() async throws {
        let world = try await World()
        #expect(try await world.browser.get(world.path + "/rename").text.contains(#"value="Laptop""#))
        let answer = try await world.browser.post(world.path + "/rename", form: [("name", "Desk")])
        #expect(answer.location == "\(world.path)?done=renamed")
        #expect(try await world.browser.get(world.path).element(id: "main") != nil)
        #expect(try await world.stored().name.text == "Desk")
        let event = try await world.lastEvent()
        #expect(event.action == .tokenChanged)
        #expect(event.address != nil)
        let wrong = try await world.browser.post(world.path + "/rename", form: [("name", " ")])
        #expect(wrong.status == 422)
        #expect(wrong.element(id: "name-error") != nil)
        #expect(try await world.stored().name.text == "Desk")
    }

    @Test func expiryIsChangedByChoiceAndByDate() async throws {
        let world = try await World()
        let now = world.kit.clock.now
        for (form, end) in [
            ([("expires", "90d")], now + .seconds(90 * 86_400)), ([("expires", "never")], nil),
            ([("expires", "7d"), ("expires_on", "2026-03-01")], NumericDate(date: "2026-03-02")),
            ([("expires", "2026-03-01")], NumericDate(date: "2026-03-02")),
            (
                [("expires_on", "2026-03-29"), ("time_zone", "Europe/Berlin")],
                NumericDate(rfc3339: "2026-03-29T22:00:00Z")
            ),
            ([("expires_on", "2026-03-01"), ("time_zone", "../UTC")], NumericDate(date: "2026-03-02")),
            // The present day is not over.
            ([("expires_on", "2026-01-01")], NumericDate(date: "2026-01-02")),
        ] as [([(String, String)], NumericDate?)] {
            let answer = try await world.browser.post(world.path + "/expiry", form: form)
            #expect(answer.location == "\(world.path)?done=expiry")
            #expect(try await world.stored().expiresAt == end)
        }
    }

    @Test func presentExpiryIsChosenUntilAnotherIs() async throws {
        let world = try await World(lifetime: .seconds(365 * 86_400))
        let page = try await world.browser.get(world.path + "/expiry").text
        #expect(page.contains(#"value="keep" selected>As it is: 1 January 2027, 00:00 UTC<"#))
        #expect(page.contains(">30 days: 31 January 2026, 00:00 UTC<"))
        #expect(page.matches(of: /selected/).count == 1)
        let answer = try await world.browser.post(world.path + "/expiry", form: [("expires", "keep")])
        #expect(answer.location == "\(world.path)?done=kept")
        #expect(try await world.stored() == world.issued.token)
        #expect(try await world.lastEvent().action == .tokenIssued)
    }

    @Test(arguments: [nil, 45] as [Int?])
    func tokenWithoutAnEndKeepsNoneUntilAnotherIsChosen(days: Int?) async throws {
        let world = try await World(lifetime: nil)
        let limited = try await TestAuthority(
            store: world.kit.authority.store, seed: 2,
            configure: { $0.tokenPolicy.longestLifetime = days.map { .seconds($0 * 86_400) } })
        let page = try await limited.browser(of: world.ember).get(world.path + "/expiry").text
        let chosen = try #require(page.firstMatch(of: /<option value="([^"]+)" selected>([^<]+)</))
        #expect(chosen.1 == (days == nil ? "never" : "keep"))
        #expect(chosen.2 == (days == nil ? "No expiration" : "As it is: never"))
    }

    @Test(arguments: [(30, "2026-01-30"), (1, "2026-01-01")])
    func lastDayThatIsOfferedIsAccepted(days: Int, last: String) async throws {
        let world = try await World(lifetime: .seconds(60)) {
            $0.tokenPolicy.longestLifetime = .seconds(days * 86_400)
        }
        world.kit.clock.advance(by: .seconds(30))
        let page = try await world.browser.get(world.path + "/expiry").text
        #expect(page.contains(#"min="2026-01-01" max="\#(last)""#))
        let next = String(try #require(CivilDate(last)).text.dropLast(2)) + (days == 30 ? "31" : "02")
        let late = try await world.browser.post(world.path + "/expiry", form: [("expires_on", next)])
        #expect(late.status == 422)
        let answer = try await world.browser.post(world.path + "/expiry", form: [("expires_on", last)])
        #expect(answer.status == 303)
    }

    @Test func noDayIsOfferedWhereNoneEndsEarlyEnough() async throws {
        let world = try await World(lifetime: .seconds(60)) {
            $0.tokenPolicy.longestLifetime = .seconds(86_400 - 1)
        }
        #expect(try await world.browser.get(world.path + "/expiry").element(id: "expires_on") == nil)
    }

    @Test(arguments: [
        ("soon", "", "expires_on"), ("7d", "2026-02-30", "expires_on"), ("7d", "2025-12-31", "expires_on"),
        ("0", "", "expires"), ("365d", "", "expires"), ("never", "", "expires"), ("", "", "expires_on"),
    ])
    func expiryThatCannotBeIsToldBesideItsField(choice: String, date: String, field: String) async throws {
        let world = try await World { $0.tokenPolicy.longestLifetime = .seconds(90 * 86_400) }
        let answer = try await world.browser.post(
            world.path + "/expiry", form: [("expires", choice), ("expires_on", date)])
        #expect(answer.status == 422)
        #expect(answer.element(id: "\(field)-error") != nil)
        #expect(try await world.stored() == world.issued.token)
    }

    @Test func tokenIsDisabledAndEnabled() async throws {
        let world = try await World()
        #expect(
            try await world.browser.post(world.path + "/disable").location == "\(world.path)?done=disabled")
        #expect(try await world.status() == 401)
        #expect(try await world.browser.get(world.path).text.contains("Enable"))
        #expect(try await world.browser.get(world.path + "/rotate").status == 409)
        #expect(
            try await world.browser.post(world.path + "/enable").location == "\(world.path)?done=enabled")
        #expect(try await world.status() == 200)
    }

    @Test func rotatedTokenGoesOnUntilItIsEnded() async throws {
        let world = try await World()
        _ = try await world.browser.get(world.path + "/rotate")
        let made = try await world.browser.post(world.path + "/rotate", form: [("overlap", "24h")])
        #expect(made.status == 200)
        #expect(made.fields[.cacheControl] == "no-store")
        let token = try #require(made.element(id: "new-token"))
        #expect(try await world.status() == 200)
        #expect(try await world.status(of: token) == 200)
        let old = try await world.stored()
        #expect(old.expiresAt == world.kit.clock.now + .seconds(86_400))
        #expect(try await world.lastEvent().address != nil)

        let page = try await world.browser.get(world.path)
        #expect(page.text.contains("This token is being replaced"))
        #expect(page.text.contains("/settings/tokens/\(try #require(old.replacedBy))"))
        #expect(try await world.browser.get("/settings/tokens").text.contains("Being replaced"))
        #expect(try await world.browser.get(world.path + "/end").status == 200)
        #expect(try await world.browser.post(world.path + "/end").location == "\(world.path)?done=ended")
        #expect(try await world.status() == 401)
        #expect(try await world.status(of: token) == 200)
        #expect(try await world.lastEvent().action == .tokenEnded)
    }

    @Test func rotationWithoutOverlapEndsTheOldOneAtOnce() async throws {
        let world = try await World()
        _ = try await world.browser.get(world.path + "/rotate")
        let made = try await world.browser.post(world.path + "/rotate", form: [("overlap", "0")])
        #expect(made.text.contains("has ended."))
        #expect(try await world.status() == 401)
    }

    @Test(arguments: ["", "soon", "91d", "-1h", "99999d"])
    func overlapThatCannotBeIsToldBesideItsField(overlap: String) async throws {
        let world = try await World()
        _ = try await world.browser.get(world.path + "/rotate")
        let answer = try await world.browser.post(world.path + "/rotate", form: [("overlap", overlap)])
        #expect(answer.status == 422)
        #expect(answer.element(id: "overlap-error") != nil)
        #expect(try await world.stored() == world.issued.token)
    }

    @Test func secondRotationIsToldOnTheTokensPage() async throws {
        let world = try await World()
        let number = try await world.browser.get(world.path + "/rotate").formNumber
        _ = try await world.browser.get(world.path + "/rotate")
        #expect(try await world.browser.post(world.path + "/rotate", form: [("overlap", "1h")]).status == 200)
        let again = try await world.browser.post(
            world.path + "/rotate", form: [("overlap", "1h")], number: number)
        #expect(again.status == 409)
        #expect(again.text.contains("The token was replaced already."))
        #expect(again.element(id: "new-token") == nil)
    }

    @Test func tokenThatIsNotBeingReplacedCannotBeEnded() async throws {
        let world = try await World()
        #expect(try await world.browser.get(world.path + "/end").status == 409)
        #expect(try await world.browser.post(world.path + "/end").status == 409)
        #expect(try await world.status() == 200)
    }

    @Test func tokenThatHasEndedIsShownAndStaysSo() async throws {
        let world = try await World(lifetime: .seconds(60))
        world.kit.clock.advance(by: .seconds(60))
        let page = try await world.browser.get(world.path)
        #expect(page.status == 200)
        #expect(page.text.contains("/settings/tokens/new?name=Laptop&amp;scopes=tokens%3Aread"))
        for form in Self.forms where form != "/revoke" {
            let answer = try await world.browser.post(
                world.path + form, form: [("name", "x"), ("expires", "7d")])
            #expect(answer.status == 409, "\(form)")
            #expect(answer.text.contains("has expired"))
        }
    }

    @Test func metadataIsShown() async throws {
        let world = try await World()
        _ = try await world.kit.authority.tokens.change(
            world.issued.token, .init(metadata: TokenMetadata(["team": "blue & green"])), by: .commandLine,
            at: world.kit.clock.now)
        let page = try await world.browser.get(world.path)
        #expect(page.text.contains("<bdi>team</bdi>"))
        #expect(page.text.contains("blue &amp; green"))
    }

    @Test func allTokensAreRevoked() async throws {
        let world = try await World()
        let other = try await world.kit.issue(to: world.ember, name: "CI")
        let ash = try await world.kit.issue(to: try await world.kit.person("ash"))
        let confirmation = try await world.browser.get("/settings/tokens/revoke-all")
        #expect(confirmation.text.contains("Laptop"))
        #expect(confirmation.text.contains("CI"))
        #expect(
            try await world.browser.post("/settings/tokens/revoke-all").location
                == "/settings/tokens?done=revoked-all")
        #expect(try await world.status() == 401)
        #expect(try await world.status(of: other.secret.plainText) == 401)
        #expect(try await world.status(of: ash.secret.plainText) == 200)
        #expect(try await world.lastEvent().address != nil)
        #expect(
            try await world.browser.get("/settings/tokens/revoke-all").text.contains("no token that could"))
    }

    @Test func concernsAreCountedAndLeadToTheirTokens() async throws {
        let world = try await World { $0.tokenPolicy.longestLifetime = .seconds(90 * 86_400) }
        world.kit.clock.advance(by: .seconds(20 * 86_400))
        let forever = AccessToken.make(
            owner: world.ember, name: "Forgotten", createdAt: world.kit.clock.now - .seconds(90 * 86_400),
            expiresAt: nil)
        #expect(try await world.kit.authority.store.insert(forever, digest: .make(), audit: nil))
        let browser = try await world.kit.browser(of: world.ember)
        let list = try await browser.get("/settings/tokens").text
        #expect(list.contains("1 token is about to expire"))
        #expect(list.contains("1 token has not been used for a long time"))
        #expect(list.contains("1 token outlives what the policy allows now"))
        for (show, shown, other) in [
            ("expiring", "Laptop", "Forgotten"), ("unused", "Forgotten", "Laptop"),
            ("exceeding", "Forgotten", "Laptop"),
        ] {
            let page = try await browser.get("/settings/tokens?show=\(show)").text
            #expect(page.contains(shown), "\(show)")
            #expect(!page.contains(other), "\(show)")
        }
        let unknown = try await browser.get("/settings/tokens?show=other").text
        #expect(unknown.contains("Laptop") && unknown.contains("Forgotten"))
    }

    @Test func listGoesOnPageByPage() async throws {
        let world = try await World { $0.tokenPolicy.tokensPerUser = nil }
        for number in 0..<40 { _ = try await world.kit.issue(to: world.ember, name: "Number \(number)") }
        var path = "/settings/tokens"
        var names = 0
        for count in [20, 20, 1] {
            let page = try await world.browser.get(path).text
            #expect(page.matches(of: /id="token-/).count == count)
            names += count
            if names < 41 {
                let next = try #require(page.firstMatch(of: /rel="next" href="([^"]+)"/)).1
                path = "/settings/tokens\(next)"
            } else {
                #expect(!page.contains(#"rel="next""#))
            }
        }
    }
}

@Suite struct NewTokenLinkTests {
    private static let scopes = [
        ScopeDefinition(ScopeToken("treasure:create")!, "Create treasures"),
        ScopeDefinition(ScopeToken("treasure:edit")!, "Edit treasures"),
        ScopeDefinition(ScopeToken("odd,name")!, "A comma is part of it"),
        ScopeDefinition(ScopeToken("hoard:audit")!, "See every hoard", isForOperators: true),
    ]

    private func form(
        _ query: String, configure: (inout AuthorityConfiguration) -> Void = { _ in }
    ) async throws -> String {
        let world = try await TestAuthority(scopes: Self.scopes, configure: configure)
        let browser = try await world.browser(of: try await world.person("ember"))
        let answer = try await browser.get("/settings/tokens/new?\(query)")
        #expect(answer.status == 200)
        #expect(try await world.authority.store.tokens(of: nil, before: nil, limit: 1).isEmpty)
        return answer.text
    }

    private func ticked(_ page: String) -> [String] {
        page.matches(of: /type="checkbox" value="([^"]+)" checked/).map { String($0.1) }
    }

    @Test(arguments: [
        "scopes=treasure:create,treasure:edit", "scopes=treasure:create&scopes=treasure:edit",
        "scopes=treasure:create+treasure:edit", "scopes=treasure:edit,,treasure:create,treasure:edit,",
    ])
    func scopesAreTicked(query: String) async throws {
        let page = try await form(query)
        #expect(ticked(page) == ["treasure:create", "treasure:edit"])
        #expect(page.contains("This form came filled in."))
        #expect(!page.contains("Left out"))
    }

    @Test func scopeWithACommaIsOne() async throws {
        #expect(ticked(try await form("scopes=odd,name")) == ["odd,name"])
    }

    @Test func scopesThatAreNotToGiveAreLeftOutAndTold() async throws {
        let page = try await form("name=CI&scopes=no:such,hoard:audit,treasure:create")
        #expect(ticked(page) == ["treasure:create"])
        #expect(page.contains("<code>no:such</code>, <code>hoard:audit</code>."))
        #expect(page.contains(#"value="CI""#))
    }

    @Test(arguments: [
        ("expires=90d", #"value="90d" selected"#, false),
        ("expires=never", #"value="never" selected"#, false),
        ("expires=2026-05-01", #"value="2026-05-01""#, false), ("expires=5y", #"value="30d" selected"#, true),
        ("expires=", #"value="30d" selected"#, true), ("name=x", #"value="30d" selected"#, false),
    ])
    func expirationIsChosenWhereItIsOffered(query: String, markup: String, isLeftOut: Bool) async throws {
        let page = try await form(query)
        #expect(page.contains(markup))
        #expect(page.contains("Its expiration is left out") == isLeftOut)
    }

    @Test func expirationThatThePolicyForbidsIsNotOffered() async throws {
        let page = try await form("expires=never") { $0.tokenPolicy.longestLifetime = .seconds(45 * 86_400) }
        #expect(!page.contains(#"value="never""#))
        #expect(!page.contains(#"value="90d""#))
        #expect(page.contains("45 days"))
        #expect(page.contains(#"max="2026-02-14""#))
        #expect(page.contains("Its expiration is left out"))
    }

    @Test func otherParametersFillInNothing() async throws {
        #expect(!(try await form("utm=x")).contains("This form came filled in."))
        #expect(!(try await form("")).contains("This form came filled in."))
    }

    @Test func whoHasAsManyTokensAsTheyMayIsToldBeforeAndAfter() async throws {
        let world = try await TestAuthority { $0.tokenPolicy.tokensPerUser = 1 }
        let ember = try await world.person("ember")
        let browser = try await world.browser(of: ember)
        #expect(!(try await browser.get("/settings/tokens/new").text.contains("as many as you may have")))
        _ = try await world.issue(to: ember)
        #expect(try await browser.get("/settings/tokens/new").text.contains("as many as you may have"))
        let answer = try await browser.post(
            "/settings/tokens/new", form: [("name", "One more"), ("expires", "30d")])
        #expect(answer.status == 422)
        #expect(answer.text.contains("as many as you may have"))
        #expect(answer.text.contains(#"value="One more""#))
        #expect(answer.element(id: "name-error") == nil)
    }
}
