import TesseraCore
import TesseraHTTP
import TesseraOpenAPI
import TesseraStores
import TesseraTestKit
import TesseraTime
import Testing

@testable import TesseraServer

/// An end that another process has made, asked for once more here before this process has heard of it: after the answer no
/// check here may go on accepting the token.
@Suite struct AcknowledgedEndTests {
    /// The change that another process has made.
    enum Foreign: Sendable {
        case revocation, suspension, overlapEnd, rotation, revocationOfAll, disabledOwner, shorterLife
    }

    /// The request that is sent here. The token's page or its address for programs stands before the path.
    enum Asked: Sendable {
        case delete
        case patch(String)
        case rotate
        case form(String, [String])
        case page(String)
        case formOfAll
        case formOfOperator(String)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let foreign: Foreign
        let asked: Asked
        let status: Int

        init(_ foreign: Foreign, _ asked: Asked, _ status: Int) {
            self.foreign = foreign
            self.asked = asked
            self.status = status
        }

        var testDescription: String { "\(foreign), \(asked)" }
    }

    static let cases = [
        Case(.revocation, .delete, 204), .init(.suspension, .delete, 204),
        .init(.overlapEnd, .delete, 204), .init(.revocationOfAll, .form("revoke", []), 303),
        .init(.revocation, .patch(#"{"disabled":true}"#), 409),
        .init(.revocation, .patch(#"{"name":"Other"}"#), 409), .init(.revocation, .patch("{}"), 409),
        .init(.suspension, .patch(#"{"disabled":true}"#), 200), .init(.suspension, .patch("{}"), 200),
        .init(.suspension, .patch(#"{"name":"Other"}"#), 200),
        .init(.shorterLife, .patch(#"{"expires_at":"2026-01-01T00:00:05Z"}"#), 200),
        .init(.overlapEnd, .patch("{}"), 409), .init(.revocation, .rotate, 409),
        .init(.suspension, .rotate, 409), .init(.rotation, .rotate, 409),
        .init(.revocation, .form("revoke", []), 303), .init(.suspension, .form("disable", []), 303),
        .init(.revocation, .form("disable", []), 409), .init(.overlapEnd, .form("end", []), 409),
        .init(.revocation, .form("rotate", ["overlap", "0"]), 409), .init(.revocation, .page("rotate"), 409),
        .init(.suspension, .page("rotate"), 409), .init(.overlapEnd, .page("end"), 409),
        .init(.revocation, .formOfAll, 303), .init(.revocationOfAll, .formOfAll, 303),
        .init(.disabledOwner, .formOfOperator("disable"), 303),
        .init(.revocationOfAll, .formOfOperator("revoke-tokens"), 303),
    ]

    /// Two processes that share a store; this one has heard nothing of the other yet.
    private struct Processes {
        let here: TestAuthority
        let there: TestAuthority
        let user: User
        let issued: IssuedToken
        let manager: IssuedToken

        init(on store: any Store, and other: any Store) async throws {
            here = try await TestAuthority(store: store)
            there = try await TestAuthority(store: other, seed: 2)
            user = try await here.person("ember")
            issued = try await here.issue(to: user, lifetime: .seconds(1_000))
            manager = try await here.issue(to: user, scopes: ["tokens:write"])
        }

        func status() async throws -> Int {
            try await here.client().get("/api/me", token: issued.secret.plainText).status
        }

        func change(_ foreign: Foreign) async throws {
            let (tokens, now) = (there.authority.tokens, there.clock.now)
            switch foreign {
            case .revocation: #expect(try await tokens.revoke(issued.token, by: .commandLine, at: now))
            case .suspension:
                _ = try await tokens.change(
                    issued.token, .init(isSuspended: true), by: .commandLine, at: now)
            case .shorterLife:
                _ = try await tokens.change(
                    issued.token, .init(expiry: .at(now + .seconds(5))), by: .commandLine, at: now)
            case .rotation, .overlapEnd:
                let overlap = foreign == .rotation ? Duration.seconds(5) : .zero
                _ = try await tokens.rotate(issued.token, overlap: overlap, by: .commandLine, at: now)
            case .revocationOfAll: _ = try await tokens.revokeAll(of: user.id, by: .commandLine, at: now)
            case .disabledOwner:
                _ = try await there.authority.accounts.setDisabled(
                    true, user: user.id, by: .commandLine, at: now)
            }
        }

        func ask(_ asked: Asked, _ browser: TestClient) async throws -> Int {
            let (path, page) = ("/api/tokens/\(issued.token.id)", "/settings/tokens/\(issued.token.id)")
            let (client, token) = (here.client(), manager.secret.plainText)
            switch asked {
            case .delete: return try await client.send(.delete, path, token: token).status
            case .patch(let json):
                return try await client.send(
                    .patch, path, token: token, fields: [.contentType: "application/merge-patch+json"],
                    body: Array(json.utf8)
                ).status
            case .rotate:
                return try await client.send(
                    .post, path + "/rotate", token: token, fields: [.contentType: "application/json"],
                    body: Array(#"{"overlap":"0"}"#.utf8)
                ).status
            case .form(let action, let pair):
                let form = pair.isEmpty ? [] : [(pair[0], pair[1])]
                return try await browser.post("\(page)/\(action)", form: form).status
            case .page(let name): return try await browser.get("\(page)/\(name)").status
            case .formOfAll: return try await browser.post("/settings/tokens/revoke-all").status
            case .formOfOperator(let action):
                return try await browser.post("/admin/users/\(user.id)/\(action)").status
            }
        }

        /// Plays a case.
        func verify(_ example: Case, beforeChange: () async throws -> Void) async throws {
            let isOperator = if case .formOfOperator = example.asked { true } else { false }
            let browser = try await here.browser(
                of: isOperator ? try await here.person("keeper", isOperator: true) : user)
            _ = try await browser.get(isOperator ? "/admin/users/\(user.id)" : "/settings/tokens/new")
            for _ in 1...2 { #expect(try await status() == 200) }
            try await beforeChange()
            try await change(example.foreign)
            #expect(try await ask(example.asked, browser) == example.status)
            // Of a token that lives on for some seconds, the new end has to be known.
            if [.shorterLife, .rotation].contains(example.foreign) { here.clock.advance(by: .seconds(6)) }
            #expect(try await status() == 401)
        }
    }

    @Test(arguments: cases) func holdsWhereNothingIsEverHeard(_ example: Case) async throws {
        let store = MemoryStore()
        try await Processes(on: store, and: store).verify(example) {}
    }

    @Test(arguments: cases) func holdsOnOneFile(_ example: Case) async throws {
        let directory = try TemporaryDirectory()
        let here = try await SQLiteStore.open(path: directory.path("t.db"), migrate: true)
        let there = try await SQLiteStore.open(path: directory.path("t.db"), migrate: true)
        try await Processes(on: here, and: there).verify(example) {}
        here.close()
        there.close()
    }

    @Test(.serialized, arguments: cases) func holdsOnANodeWhoseNotificationsAreStuck(_ example: Case)
        async throws
    {
        let url = try await PostgresStore.makeDatabase()
        let server = try await PostgresServer.running()
        let processes = try await Processes(
            on: try await PostgresStore.node(of: url), and: try await PostgresStore.node(of: url))
        let start = ContinuousClock.now
        while processes.here.authority.services.cache.isBypassed {
            try #require(ContinuousClock.now - start < .seconds(30))
            try await Task.sleep(for: .milliseconds(1))
        }
        var frozen: [Int32] = []
        defer { for listener in frozen { server.thaw(listener) } }
        try await processes.verify(example) {
            frozen = try await server.listeners(in: url)
            for listener in frozen { server.freeze(listener) }
        }
    }
}
