import TesseraCore
import TesseraCrypto
import TesseraHTTP
import TesseraOpenAPI
import TesseraTestKit
import TesseraTime
import Testing

@testable import TesseraServer

/// Credentials that end while a request is under way change nothing, and the request gets the refusal of one that begins now.
@Suite struct EndedCredentialsTests {
    struct Attempt: Sendable, CustomTestStringConvertible {
        let method: TesseraHTTP.Method
        let path: String
        var body = ""
        var testDescription: String { "\(method.text) \(path) \(body)" }
    }

    /// `ID` stands for a token that is not the caller's.
    static let requests = [
        Attempt(
            method: .post, path: "/api/tokens", body: #"{"name":"late","scopes":[],"expires_at":null}"#),
        Attempt(method: .post, path: "/api/tokens/ID/rotate", body: "{}"),
        Attempt(method: .patch, path: "/api/tokens/ID", body: #"{"name":"late"}"#),
        Attempt(method: .patch, path: "/api/tokens/ID", body: #"{"expires_at":null}"#),
        Attempt(method: .patch, path: "/api/tokens/ID", body: #"{"disabled":true}"#),
    ]

    /// `ID` stands for a token, `SESSION` for another session, of the person.
    static let forms = [
        Attempt(method: .post, path: "/settings/tokens/new", body: "name=late&expires=never"),
        Attempt(method: .post, path: "/settings/tokens/ID/rename", body: "name=late"),
        Attempt(method: .post, path: "/settings/tokens/ID/expiry", body: "expires=never"),
        Attempt(method: .post, path: "/settings/tokens/ID/rotate", body: "overlap=0"),
        Attempt(method: .post, path: "/settings/tokens/ID/disable"),
        Attempt(method: .post, path: "/settings/tokens/ID/revoke"),
        Attempt(method: .post, path: "/settings/tokens/revoke-all"),
        Attempt(method: .post, path: "/settings/sessions/others"),
        Attempt(method: .post, path: "/settings/sessions/SESSION/end"),
        Attempt(
            method: .post, path: "/settings/password",
            body: "current_password=an+old+and+dusty+hoard&new_password=a+cave+behind+the+waterfall"),
        Attempt(method: .post, path: "/login/confirm", body: "password=an+old+and+dusty+hoard"),
        Attempt(method: .post, path: "/admin/users/USER/disable"),
        Attempt(method: .post, path: "/admin/users/USER/end-sessions"),
        Attempt(method: .post, path: "/admin/users/USER/revoke-tokens"),
    ]

    /// An operator, whose requests these are, and another person.
    private struct World: Sendable {
        let kit: TestAuthority
        let keeper: User
        let ember: User
        let caller: IssuedToken
        let other: IssuedToken

        init(addRoutes: (Authority, inout Router) -> Void = { _, _ in }) async throws {
            kit = try await TestAuthority(addRoutes: addRoutes)
            keeper = try await kit.person("keeper", isOperator: true)
            ember = try await kit.person("ember")
            caller = try await kit.issue(to: keeper, scopes: ["tokens:write"])
            other = try await kit.issue(
                to: keeper, scopes: ["tokens:write"], name: "other", lifetime: .seconds(1_000))
            _ = try await kit.issue(to: ember)
            _ = try await kit.session(of: ember)
        }

        func state() async throws -> [String] {
            let store = kit.authority.store
            return [
                "\(try await store.users(after: nil, limit: 9).filter { $0.id != keeper.id })",
                "\(String(describing: try await store.userForLogin(keeper.email)?.passwordHash))",
                "\(try await store.tokens(of: ember.id, before: nil, limit: 9))",
                "\(try await store.tokens(of: keeper.id, before: nil, limit: 9).map { ($0.id, $0.name, $0.expiresAt) })",
                "\(try await store.sessions(of: ember.id, limit: 9).map(\.id))",
            ]
        }

        @Sendable func end(_ ending: String) async throws {
            let (authority, now) = (kit.authority, kit.clock.now)
            switch ending {
            case "revoke": _ = try await authority.tokens.revoke(caller.token, by: .commandLine, at: now)
            case "revoke all":
                _ = try await authority.tokens.revokeAll(of: keeper.id, by: .commandLine, at: now)
            case "disable token":
                _ = try await authority.tokens.change(
                    caller.token, .init(isSuspended: true), by: .commandLine, at: now)
            case "end sessions":
                _ = try await authority.sessions.endAll(of: keeper.id, except: nil, by: .commandLine, at: now)
            case "password":
                _ = try await authority.accounts.setPassword(
                    "a cave under the waterfall", of: keeper, by: .commandLine, at: now)
            case "disable and enable":
                try await end("disable")
                _ = try await authority.accounts.setDisabled(
                    false, user: keeper.id, by: .commandLine, at: now)
            default:
                _ = try await authority.accounts.setDisabled(
                    true, user: keeper.id, by: .commandLine, at: now)
            }
        }
    }

    @Test(arguments: requests, ["revoke", "revoke all", "disable token", "disable"])
    func requestWhoseTokenEndsMeanwhileIsRefused(_ attempt: Attempt, _ ending: String) async throws {
        let world = try await World()
        let before = ending == "revoke all" ? [] : try await world.state()
        let answer = try await world.kit.client().send(
            attempt.method, attempt.path.replacing("ID", with: "\(world.other.token.id)"),
            token: world.caller.secret.plainText, json: attempt.body
        ) { try await world.end(ending) }
        #expect(answer.isProblem(401))
        #expect(answer.challenge?.contains("The access token was revoked") == true)
        let tokens = try await world.kit.authority.store.tokens(of: world.keeper.id, before: nil, limit: 9)
        #expect(tokens.count == 2)
        if ending != "revoke all" { #expect(try await world.state() == before) }
    }

    @Test(arguments: forms, ["end sessions", "password", "disable", "disable and enable"])
    func formWhoseSessionEndsMeanwhileLeadsToTheLogIn(_ attempt: Attempt, _ ending: String) async throws {
        let world = try await World()
        let browser = try await world.kit.browser(of: world.keeper)
        _ = try await browser.get("/settings/tokens")
        let another = try await world.kit.session(of: world.keeper)
        let digest = SHA256.digest(of: Array(another.utf8))
        let session = try #require(try await world.kit.authority.store.session(digest)?.session)
        let path = attempt.path.replacing("SESSION", with: "\(session.id)")
            .replacing("ID", with: "\(world.other.token.id)").replacing("USER", with: "\(world.ember.id)")
        let fields: [(String, String)] = attempt.body.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=")
            return (String(parts[0]), String(parts[1].replacing("+", with: " ")))
        }
        var before = try await world.state()
        let answer = try await browser.post(path, form: fields) { try await world.end(ending) }
        #expect(answer.status == 303)
        #expect(answer.location?.hasPrefix("/login?next=") == true)
        if ending == "password" {
            // Changed by the ending, not by the form.
            let hash = try await world.kit.authority.store.userForLogin(world.keeper.email)?.passwordHash
            before[1] = String(describing: hash)
        }
        #expect(try await world.state() == before)
        #expect(try await world.kit.authority.store.sessions(of: world.keeper.id, limit: 9).isEmpty)
    }

    @Test func operatorWhoLosesTheRoleMeanwhileChangesNothing() async throws {
        let world = try await World()
        let browser = try await world.kit.browser(of: world.keeper)
        _ = try await browser.get("/settings/tokens")
        let before = try await world.state()
        let answer = try await browser.post("/admin/users/\(world.ember.id)/disable") {
            var user = world.keeper
            user.isOperator = false
            _ = try await world.kit.authority.accounts.update(user, by: .commandLine, at: world.kit.clock.now)
        }
        #expect(answer.status == 404)
        #expect(try await world.state() == before)
    }

    /// The change itself has the last word: these handlers end the credentials of their own request before they use them.
    @Test func changeThatComesTooLateIsRefusedLikeARequestThatDoes() async throws {
        let world = try await World { authority, router in
            router.on(
                .post, "/api/late",
                authority.protect { [authority] request, caller in
                    let now = authority.clock.now
                    switch caller {
                    case .token(let token):
                        guard let stored = try await authority.store.token(token.id) else { break }
                        _ = try await authority.tokens.revoke(stored, by: .commandLine, at: now)
                    case .session(_, let user):
                        _ = try await authority.sessions.endAll(
                            of: user.id, except: nil, by: .commandLine, at: now)
                    }
                    let order = TokenDesk.Order(name: "late", scopes: [], expiresAt: nil)
                    let issued = try await authority.tokens.issue(
                        order, to: caller.user, by: caller.authorization, at: now)
                    return Response(.ok, "text/plain", Array(issued.secret.plainText.utf8))
                },
                .listTokens)
            router.post(
                "/late",
                handler: authority.pages.form { [authority] _, _, person in
                    let now = authority.clock.now
                    _ = try await authority.sessions.endAll(
                        of: person.user.id, except: nil, by: .commandLine, at: now)
                    let order = TokenDesk.Order(name: "late", scopes: [], expiresAt: nil)
                    _ = try await authority.tokens.issue(
                        order, to: person.user, by: person.authorization, at: now)
                    return Response(.noContent)
                })
        }
        let before = try await world.state()
        let browsers = [
            try await world.kit.browser(of: world.keeper), try await world.kit.browser(of: world.ember),
        ]
        for browser in browsers { _ = try await browser.get("/settings/tokens") }
        let byToken = try await world.kit.client().send(
            .post, "/api/late", token: world.caller.secret.plainText)
        #expect(byToken.isProblem(401))
        #expect(byToken.challenge?.contains("The access token was revoked") == true)
        let bySession = try await browsers[0].send(
            .post, "/api/late", proof: browsers[0].formToken, json: "{}")
        #expect(bySession.isProblem(401))
        #expect(bySession.challenge?.hasPrefix("Bearer realm=") == true)
        let byForm = try await browsers[1].post("/late")
        #expect(byForm.status == 303)
        #expect(byForm.location == "/login?next=%2Flate")
        let after = try await world.state()
        #expect(after[2] == before[2] && after[3] == before[3])
    }
}
