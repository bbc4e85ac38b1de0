import DragonTreasure
import Tessera
import TesseraTestKit

/// The API over a database of its own (in memory, unless `TESSERA_TEST_STORE` names PostgreSQL), with an admin and two dragons, and a client that calls its routes in process.
struct World {
    static let now = NumericDate(seconds: 1_800_000_000)

    /// Tessera's test kit with the routes of this API: the clock, people, tokens, clients.
    let kit: TestAuthority
    let treasures: TreasureStore
    let keeper: User
    let ember: User
    let ash: User

    var authority: Authority { kit.authority }

    init() async throws {
        let database = try await Database.makeForTest()
        try await database.migrate(sqlite: .dragonTreasure, postgres: .dragonTreasureOnPostgres)
        let treasures = TreasureStore(database)
        kit = try await TestAuthority(
            scopes: DragonTreasureAPI.scopes, clock: FixedClock(Self.now), store: database.store,
            addRoutes: { authority, router in
                DragonTreasureAPI(authority: authority, treasures: treasures).addRoutes(to: &router)
            })
        self.treasures = treasures
        keeper = try await kit.person("keeper", isOperator: true)
        ember = try await kit.person("ember")
        ash = try await kit.person("ash")
    }

    /// A token of this person, as it stands behind `Bearer`.
    func token(of user: User, _ scopes: String...) async throws -> String {
        try await kit.token(for: user, scopes: scopes)
    }

    /// Sends a request from a new client.
    ///
    /// - Parameters:
    ///   - target: The path, already decoded, and the query behind a `?`.
    ///   - token: What stands behind `Bearer`; `nil` sends no credentials.
    ///   - body: What to send as the type `type`.
    ///   - fields: What else the header holds.
    ///   - meanwhile: Runs before the body has arrived; `nil` sends it with the header.
    func send(
        _ method: TesseraHTTP.Method, _ target: String, token: String? = nil, _ body: String? = nil,
        type: String = "application/json", fields: Fields = Fields(),
        meanwhile: (@Sendable () async throws -> Void)? = nil
    ) async throws -> TestAnswer {
        var fields = fields
        if body != nil { fields.append(.contentType, type) }
        return try await kit.client().send(
            method, target, token: token, fields: fields, body: Array((body ?? "").utf8),
            meanwhile: meanwhile)
    }

    func patch(_ target: String, token: String?, _ body: String) async throws -> TestAnswer {
        try await send(.patch, target, token: token, body, type: "application/merge-patch+json")
    }

    /// A browser in which this person has just signed in.
    func browser(of user: User) async throws -> TestClient {
        let browser = try await kit.browser(of: user)
        _ = try await browser.get("/settings/password")
        return browser
    }

    /// Sends a patch as a page of this site does.
    func patch(_ target: String, in browser: TestClient, _ body: String) async throws -> TestAnswer {
        let fields: Fields = [
            .contentType: "application/merge-patch+json", "X-CSRF-Token": browser.formToken ?? "",
        ]
        return try await browser.send(.patch, target, fields: fields, body: Array(body.utf8))
    }

    /// Makes a treasure and returns its path.
    func treasure(
        of owner: User, _ name: String = "A goblet", description: String = "Dented.", value: Int = 0,
        isPublished: Bool = true
    ) async throws -> String {
        let body =
            #"{"name":"\#(name)","description":"\#(description)","value":\#(value),"is_published":\#(isPublished)}"#
        let answer = try await send(
            .post, "/api/treasures", token: try await token(of: owner, "treasure:create"), body)
        return answer.fields[.location] ?? ""
    }
}

extension TestAnswer {
    /// The names of what a list shows.
    var names: [String] { self["items"]?.array?.compactMap { $0.object?["name"]?.string } ?? [] }
}
