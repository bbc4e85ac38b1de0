import TesseraCore
import TesseraCrypto
import TesseraHTTP
import TesseraJSON
import TesseraOpenAPI
import TesseraServer
import TesseraStores
import TesseraTestKit
import TesseraTime
import Testing

/// Every cause of a refusal leads to a page, for whom it concerns.
@Suite struct RefusalRoutesTests {
    private struct World {
        let kit: TestAuthority
        let ember: User
        let browser: TestClient

        init() async throws {
            kit = try await TestAuthority(addRoutes: { authority, router in
                router.get(
                    "/api/forbidden",
                    authority.protect { _, caller in throw Refused.notPermitted(caller, "Not yours") },
                    APIOperation(
                        "forbid", "Forbid", in: .caller, answers: [.problem(.forbidden, "Not yours.")]))
                router.get("/broken") { _ in throw CancellationError() }
            })
            ember = try await kit.person("ember")
            browser = try await kit.browser(of: ember)
        }

        /// Makes a request that is refused for this cause.
        func refusal(for cause: RefusalCause) async throws -> TestAnswer {
            let client = kit.client()
            let good = try await kit.issue(to: ember, lifetime: .seconds(60))
            let text = good.secret.plainText
            let writer = try await kit.token(for: ember, scopes: ["tokens:write"])
            switch cause {
            case .nothingSent: return try await client.get("/api/me")
            case .cookieOnly:
                client.plant("theme", "dark")
                return try await client.get("/api/me")
            case .tokenInQuery: return try await client.get("/api/me?x=1&access_token=\(text)")
            case .severalCredentials:
                return try await client.send(
                    .get, "/api/me", token: text, fields: [.authorization: "Bearer \(text)"])
            case .foreignScheme:
                return try await client.send(.get, "/api/me", fields: [.authorization: "Basic dTpw"])
            case .malformed: return try await client.get("/api/me", token: "tcp_short")
            case .mistyped:
                return try await client.get(
                    "/api/me", token: text.dropLast() + (text.last == "a" ? "b" : "a"))
            case .misplaced:
                let secret = TokenFormat().draw(.refresh, from: .system)
                return try await client.get("/api/me", token: secret.plainText)
            case .unknown:
                let other = try await TestAuthority()
                _ = try await other.token(for: try await other.person("a"))
                let foreign = try await other.token(for: try await other.person("b"))
                return try await client.get("/api/me", token: foreign)
            case .expired:
                kit.clock.advance(by: .seconds(60))
                return try await client.get("/api/me", token: text)
            case .revoked:
                _ = try await kit.authority.tokens.revoke(good.token, by: .commandLine, at: kit.clock.now)
                return try await client.get("/api/me", token: text)
            case .suspended:
                _ = try await kit.authority.tokens.change(
                    good.token, .init(isSuspended: true), by: .commandLine, at: kit.clock.now)
                return try await client.get("/api/me", token: text)
            case .ownerDisabled:
                _ = try await kit.authority.accounts.setDisabled(
                    true, user: ember.id, by: .commandLine, at: kit.clock.now)
                return try await client.get("/api/me", token: text)
            case .insufficientScope: return try await client.get("/api/tokens", token: text)
            case .notPermitted: return try await client.get("/api/forbidden", token: text)
            case .personNeeded:
                return try await client.get("/api/me", token: try await kit.tokenOfClient())
            case .sessionEnded:
                client.plant("tessera-session", String(repeating: "A", count: 43))
                return try await client.get("/api/me")
            case .signInTooOld:
                _ = try await browser.get("/settings/tokens")
                kit.clock.advance(by: .seconds(7_200))
                return try await browser.send(
                    .post, "/api/tokens", proof: browser.formToken, json: #"{"name":"late","scopes":[]}"#)
            case .forgedForm: return try await browser.send(.post, "/api/tokens", json: "{}")
            case .otherSite:
                return try await browser.send(
                    .post, "/api/tokens", fields: [.origin: "https://evil.example"])
            case .originNotAllowed:
                return try await client.send(.get, "/api/me", fields: [.origin: "https://evil.example"])
            case .cookieMissing:
                return try await client.post("/login", form: [("email", "a@b.example")], proof: "x")
            case .unusableRequest:
                return try await client.send(.post, "/api/tokens", token: writer, json: "{,}")
            case .notFound: return try await client.get("/api/nowhere")
            case .methodNotAllowed: return try await client.send(.delete, "/api/me", json: "")
            case .invalidContent:
                return try await client.send(.post, "/api/tokens", token: writer, json: #"{"nome":"x"}"#)
            case .conflict:
                _ = try await kit.authority.tokens.revoke(good.token, by: .commandLine, at: kit.clock.now)
                return try await client.send(
                    .post, "/api/tokens/\(good.token.id)/rotate", token: writer, json: "{}")
            case .tooManyAttempts:
                var answer = try await client.get("/login")
                for _ in 0..<6 {
                    answer = try await client.post(
                        "/login", form: [("email", "ember@example.org"), ("password", "wrong")])
                }
                return answer
            case .serverError: return try await client.get("/broken")
            case .storeUnavailable:
                Issue.record("the store has to be away for this one")
                return try await client.get("/api/me")
            }
        }
    }

    /// The causes by which the owner is known who may look the refusal up.
    private static let owned: Set<RefusalCause> = [
        .expired, .revoked, .suspended, .insufficientScope, .notPermitted, .signInTooOld, .forgedForm,
        .otherSite,
        .ownerDisabled,
    ]

    @Test(arguments: RefusalCause.allCases.filter { $0 != .storeUnavailable })
    func causeIsShownToItsOwnerAndToOperatorsAlone(_ cause: RefusalCause) async throws {
        let world = try await World()
        let answer = try await world.refusal(for: cause)
        #expect((400...599).contains(answer.status))
        let text = try #require(answer.refusal)
        let id = try #require(Refusal.ID(text))
        let refusal = try #require(try await world.kit.authority.refusals.find(id))
        #expect(refusal.cause == cause)
        #expect(refusal.owner == (Self.owned.contains(cause) ? world.ember.id : nil))

        let keeper = try await world.kit.browser(of: try await world.kit.person("keeper", isOperator: true))
        let seen = try await keeper.get("/refusals/\(text)")
        #expect(seen.status == 200)
        #expect(seen.text.contains(RefusalReport(refusal).explanation().title))
        if let detail = refusal.detail { #expect(seen.text.contains("<dt>Detail</dt>"), "\(detail)") }
        #expect(seen.text.contains("<dt>Expired</dt>") == (cause == .expired))
        #expect(seen.text.contains("<dt>Revoked</dt>") == (cause == .revoked))

        let stranger = try await world.kit.browser(of: try await world.kit.person("ash"))
        #expect(try await stranger.get("/refusals/\(text)").status == 404)
        #expect(try await world.kit.client().get("/refusals/\(text)").location?.hasPrefix("/login?") == true)
        // A disabled owner has no session any more.
        if cause != .ownerDisabled {
            let own = try await world.browser.get("/refusals/\(text)")
            #expect(own.status == (Self.owned.contains(cause) ? 200 : 404))
        }
    }

    /// What a request that is nearly another one is refused for.
    @Test(arguments: [
        // The cookie of a visitor is no attempt to be known.
        (["Cookie": "tessera-visitor=a"], "", RefusalCause.nothingSent),
        (["Cookie": "tessera-visitor=a; theme=dark"], "", .cookieOnly),
        (["Cookie": "tessera-session=a; tessera-session=b"], "", .cookieOnly),
        ([:], "?access_tokens=a", .nothingSent), ([:], "?x_access_token=a", .nothingSent),
        ([:], "?access_token=", .tokenInQuery),
        (["Host": "tokens.example", "Origin": "https://tokens.example"], "", .nothingSent),
        (["Host": "tokens.example", "Origin": "https://tokens.example:8443"], "", .originNotAllowed),
        (["Origin": "https://app.example"], "", .nothingSent),
        (["Origin": "https://app.example.evil"], "", .originNotAllowed),
        (["Origin": "null"], "", .originNotAllowed),
        (["Authorization": "Bearer tcp_x", "Origin": "https://evil.example"], "?access_token=a", .malformed),
    ])
    func whatWasSentInsteadIsToldApart(
        _ fields: [String: String], _ query: String, _ cause: RefusalCause
    ) async throws {
        let app = try #require(Origin("https://app.example"))
        let kit = try await TestAuthority(configure: { $0.allowedOrigins = [app] })
        var sent = Fields()
        for (name, value) in fields { sent.append(FieldName(stringLiteral: name), value) }
        let answer = try await kit.client().send(.get, "/api/me\(query)", fields: sent)
        #expect(answer.status == 401)
        #expect(try await kit.refusal(of: answer).cause == cause)
    }

    @Test(arguments: [
        ("Basic dTpw", RefusalHint.basicScheme), ("bASIC dTpw", .basicScheme), ("Basically dTpw", nil),
        ("tcp_0123456789abcdefgh", .schemeMissing), ("Digest a=b", nil), ("Digest", nil),
    ])
    func anotherSchemeIsAdvisedOn(_ field: String, _ hint: RefusalHint?) async throws {
        let kit = try await TestAuthority()
        let answer = try await kit.client().send(.get, "/api/me", fields: [.authorization: field])
        let refusal = try await kit.refusal(of: answer)
        #expect(refusal.cause == .foreignScheme)
        #expect(refusal.hint == hint)
    }

    /// The browser's own word on where a form comes from, beside an `Origin` that a proxy or a referrer policy made useless.
    @Test(arguments: [
        (["Origin": "null", "Sec-Fetch-Site": "same-origin"], nil as RefusalHint?, true),
        (["Origin": "https://tokens.example", "Sec-Fetch-Site": "same-origin"], nil, true),
        (["Origin": "null"], .opaqueOrigin, false),
        (["Origin": "null", "Sec-Fetch-Site": "none"], nil, false),
        (["Origin": "https://tokens.example"], .hostDiffers, false),
        (["Origin": "https://tokens.example", "Sec-Fetch-Site": "cross-site"], nil, false),
        (["Origin": "https://tokens.example", "Sec-Fetch-Site": "same-site"], nil, false),
        (["Sec-Fetch-Site": "Same-Origin"], nil, false),
    ])
    func browserSaysWhereAFormComesFrom(
        _ fields: [String: String], _ hint: RefusalHint?, _ isAccepted: Bool
    ) async throws {
        let world = try await World()
        _ = try await world.browser.get("/settings/tokens")
        var sent = Fields()
        for (name, value) in fields { sent.append(FieldName(stringLiteral: name), value) }
        let answer = try await world.browser.post("/logout", fields: sent)
        #expect(answer.status == (isAccepted ? 303 : 403))
        guard !isAccepted else { return }
        let refusal = try await world.kit.refusal(of: answer)
        #expect(refusal.cause == .otherSite)
        #expect(refusal.hint == hint)
    }

    @Test func pageOverHTTPOfAnHTTPSIssuerNamesTheRemedy() async throws {
        let kit = try await TestAuthority(configure: { $0.issuer = "https://tokens.example" })
        let form = [("email", "ember@example.org"), ("password", "x")]
        let plain = try await kit.client().post(
            "/login", form: form, proof: "x",
            fields: ["Host": "tokens.example", .origin: "http://tokens.example"])
        #expect(plain.status == 403)
        #expect(plain.text.contains("Open https://tokens.example."))
        #expect(try await kit.refusal(of: plain).hint == .insecureAddress)
        let secure = try await kit.client().post(
            "/login", form: form, proof: "x", fields: [.origin: "https://tokens.example"])
        #expect(secure.text.contains("Allow cookies for this site"))
        #expect(try await kit.refusal(of: secure).cause == .cookieMissing)
        #expect(try await kit.refusal(of: secure).hint == nil)
    }

    @Test func violationsOfABodyAreKeptWithoutWhatCouldBeAToken() async throws {
        let world = try await World()
        let writer = try await world.kit.token(for: world.ember, scopes: ["tokens:write"])
        let answer = try await world.kit.client().send(
            .post, "/api/tokens", token: writer, json: #"{"name":5,"\#(writer)":1}"#)
        #expect(answer.status == 422)
        let detail = try #require(await world.kit.refusal(of: answer).detail)
        #expect(detail.contains("“name” must be a string"))
        #expect(detail.contains("“<redacted>”"))
        #expect(detail.unicodeScalars.count <= 500)
    }

    @Test func operatorsAreToldThatAPageWasForOperators() async throws {
        let world = try await World()
        let answer = try await world.browser.get("/admin/users")
        #expect(answer.status == 404)
        let refusal = try await world.kit.refusal(of: answer)
        #expect(refusal.cause == .notPermitted)
        #expect(refusal.owner == world.ember.id)
    }

    @Test func preflightOfAForeignOriginIsRefusedAndKept() async throws {
        let kit = try await TestAuthority()
        let answer = try await kit.client().send(
            .options, "/api/me",
            fields: [.origin: "https://evil.example", .accessControlRequestMethod: "GET"])
        #expect(answer.isProblem(403))
        #expect(answer.fields[.accessControlAllowOrigin] == nil)
        let refusal = try await kit.refusal(of: answer)
        #expect(refusal.cause == .originNotAllowed)
        #expect(refusal.origin == "https://evil.example")
        #expect(refusal.hint == .preflight)
    }

    /// A preflight of an origin that is let in, one of our own, no preflight, and a path for people.
    @Test(arguments: [
        ("https://app.example", "GET", "/api/me"), ("http://127.0.0.1:8080", "GET", "/api/me"),
        ("https://evil.example", nil, "/api/me"), ("https://evil.example", "GET", "/settings/tokens"),
    ])
    func otherwiseOptionsAreAnswered(_ origin: String, _ method: String?, _ path: String) async throws {
        let app = try #require(Origin("https://app.example"))
        let kit = try await TestAuthority(configure: { $0.allowedOrigins = [app] })
        var fields: Fields = [.origin: origin]
        if let method { fields.append(.accessControlRequestMethod, method) }
        let answer = try await kit.client().send(.options, path, fields: fields)
        #expect(answer.status == 204)
        #expect(answer.refusal == nil)
        let isAllowed = origin == "https://app.example"
        #expect(answer.fields[.accessControlAllowOrigin] == (isAllowed ? origin : nil))
    }

    @Test func whoRevokedATokenIsToldAsTheReaderWouldSayIt() async throws {
        let world = try await World()
        let issued = try await world.kit.issue(to: world.ember, name: "Backup")
        _ = try await world.browser.get("/settings/tokens")
        let done = try await world.browser.post("/settings/tokens/\(issued.token.id)/revoke")
        #expect(done.status == 303)
        world.kit.clock.advance(by: .seconds(150))
        let answer = try await world.kit.client().get("/api/me", token: issued.secret.plainText)
        let page = "/refusals/\(try #require(answer.refusal))"
        let own = try await world.browser.get(page).text
        #expect(own.contains("The token “Backup” was revoked by you at "))
        #expect(own.contains(", 2 minutes before the request."))
        #expect(own.contains("<dt>Revoked by</dt><dd><bdi>you</bdi></dd>"))
        #expect(!own.contains("<dt>Owner</dt>"))
        let keeper = try await world.kit.browser(of: try await world.kit.person("keeper", isOperator: true))
        let seen = try await keeper.get(page).text
        #expect(seen.contains("was revoked by its owner at "))
        #expect(seen.contains("<dt>Owner</dt><dd><bdi>ember@example.org</bdi></dd>"))
    }

    @Test func errorPageLinksTheReasonOnlyForWhomItIsKept() async throws {
        let world = try await World()
        let nowhere = try await world.browser.get("/nowhere").text
        #expect(nowhere.contains("Give this number to the operator of the service"))
        #expect(!nowhere.contains("href=\"/refusals/"))
        let forged = try await world.browser.post("/settings/tokens/new", proof: "wrong")
        #expect(forged.status == 403)
        #expect(forged.text.contains("href=\"/refusals/\(try #require(forged.refusal))\""))
    }

    @Test func storeThatIsAwayIsACauseOfItsOwn() async throws {
        let store = try await SQLiteStore.open(.sqliteInMemory, migrate: true)
        let kit = try await TestAuthority(store: store)
        let token = try await kit.token(for: try await kit.person("ember"))
        store.close()
        let answer = try await kit.client().get("/api/me", token: token)
        #expect(answer.isProblem(503))
        #expect(answer.fields[.retryAfter] == "1")
        let id = try #require(answer.refusal.flatMap { Refusal.ID($0) })
        #expect(try await kit.authority.refusals.find(id)?.cause == .storeUnavailable)
    }

    @Test(arguments: ["0193f2a0-7c1d-7e52-9b1f-2c6d1a4e8f00", "x", "..."])
    func refusalThatIsNotThereIsNotFound(id: String) async throws {
        let world = try await World()
        #expect(try await world.browser.get("/refusals/\(id)").status == 404)
    }

    @Test func markupInThePathIsTextAndATokenInItIsNotKept() async throws {
        let world = try await World()
        let token = try await world.kit.token(for: world.ember)
        let answer = try await world.kit.client().get("/api/<script>alert(1)<&\(token)")
        let id = try #require(answer.refusal)
        let keeper = try await world.kit.browser(of: try await world.kit.person("keeper", isOperator: true))
        let page = try await keeper.get("/refusals/\(id)")
        #expect(page.text.contains("&lt;script&gt;alert(1)"))
        #expect(!page.text.contains("<script>alert"))
        #expect(!page.text.contains(token))
    }

    @Test func ownerIsLedToTheTokenAndToTheNewerOne() async throws {
        let world = try await World()
        let old = try await world.kit.issue(to: world.ember)
        let rotation = try await world.kit.authority.tokens.rotate(
            old.token, overlap: .zero, by: .user(world.ember.id), at: world.kit.clock.now)
        let refused = try await world.kit.client().get("/api/me", token: old.secret.plainText)
        let path = "/refusals/\(try #require(refused.refusal))"
        let page = try await world.browser.get(path)
        for id in [old.token.id, rotation.issued.token.id] {
            #expect(page.text.contains("href=\"/settings/tokens/\(id)\""))
            #expect(try await world.browser.get("/settings/tokens/\(id)").status == 200)
        }
        let keeper = try await world.kit.browser(of: try await world.kit.person("keeper", isOperator: true))
        #expect(!(try await keeper.get(path).text.contains("href=\"/settings/tokens/\(old.token.id)")))
    }
}

extension TestAuthority {
    /// What is kept of a request that was refused.
    fileprivate func refusal(of answer: TestAnswer) async throws -> Refusal {
        let id = try #require(answer.refusal.flatMap { Refusal.ID($0) })
        return try #require(try await authority.refusals.find(id))
    }
}
