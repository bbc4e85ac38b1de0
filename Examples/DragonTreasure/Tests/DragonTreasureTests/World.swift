import DragonTreasure
import TesseraCore
import TesseraCrypto
import TesseraHTTP
import TesseraJOSE
import TesseraJSON
import TesseraServer
import TesseraStores
import Testing

/// The API over a database in memory, with an admin and two dragons, and a client that calls its routes in process.
struct World {
    static let now = NumericDate(seconds: 1_800_000_000)

    let authority: Authority
    let treasures: TreasureStore
    let keeper: User
    let ember: User
    let ash: User
    private let handler: Handler

    init() async throws {
        let store = try await SQLiteStore.open(.sqliteInMemory, migrate: true)
        try await Migrator.dragonTreasure.up(store.database)
        var configuration = AuthorityConfiguration(issuer: "http://127.0.0.1:8080")
        configuration.scopes = DragonTreasureAPI.scopes
        configuration.passwordParameters = try #require(Argon2Parameters(memory: 8, passes: 1))
        authority = try await Authority(
            configuration, store: store, clock: WallClock { Self.now })
        treasures = TreasureStore(store.database)
        var router = Router()
        authority.addRoutes(to: &router)
        DragonTreasureAPI(authority: authority, treasures: treasures).addRoutes(to: &router)
        handler = authority.service(of: router).handler
        keeper = try await Self.person("keeper", isOperator: true, in: authority)
        ember = try await Self.person("ember", in: authority)
        ash = try await Self.person("ash", in: authority)
    }

    private static func person(
        _ name: String, isOperator: Bool = false, in authority: Authority
    ) async throws -> User {
        try await authority.accounts.add(
            email: "\(name)@example.com", username: name, password: "\(name) sleeps on old gold",
            isOperator: isOperator, by: .commandLine, at: now)
    }

    /// A token of this person, as it stands behind `Bearer`.
    func token(of user: User, _ scopes: String...) async throws -> String {
        let order = TokenDesk.Order(name: "test", scopes: scopes, expiresAt: nil)
        return try await authority.tokens.issue(order, to: user, by: .commandLine, at: Self.now)
            .secret.plainText
    }

    /// Sends a request.
    ///
    /// - Parameters:
    ///   - target: The path, already decoded, and the query behind a `?`.
    ///   - token: What stands behind `Bearer`; `nil` sends no credentials.
    ///   - body: What to send as the type `type`.
    ///   - fields: What else the header holds.
    func send(
        _ method: TesseraHTTP.Method, _ target: String, token: String? = nil, _ body: String? = nil,
        type: String = "application/json", fields: Fields = Fields()
    ) async throws -> Answer {
        let parts = target.split(separator: "?", maxSplits: 1)
        var fields = fields
        if let token { fields.append(.authorization, "Bearer \(token)") }
        if body != nil { fields.append(.contentType, type) }
        let request = Request(
            method, String(parts[0]), query: parts.count > 1 ? String(parts[1]) : nil, fields: fields,
            body: RequestBody(Array((body ?? "").utf8)))
        return Answer(try await handler(request))
    }

    func patch(_ target: String, token: String?, _ body: String) async throws -> Answer {
        try await send(.patch, target, token: token, body, type: "application/merge-patch+json")
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

/// What came back.
struct Answer {
    let status: Int
    let fields: Fields
    private let bytes: [UInt8]

    init(_ response: Response) {
        status = response.status.code
        fields = response.fields
        if case .bytes(let bytes) = response.body { self.bytes = bytes } else { bytes = [] }
    }

    /// The body as JSON; the empty object when it is none.
    var json: JSONValue { (try? JSONValue.parse(bytes)) ?? .null }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    subscript(member: String) -> JSONValue? { json.object?[member] }

    /// The names of what a list shows.
    var names: [String] { self["items"]?.array?.compactMap { $0.object?["name"]?.string } ?? [] }

    /// The paths of what is wrong with a body.
    var violations: [String] {
        self["violations"]?.array?.compactMap { $0.object?["path"]?.string } ?? []
    }

    /// Whether it is a problem of this status whose reason can be looked up.
    func isProblem(_ status: Int) -> Bool {
        self.status == status && fields[.contentType] == "application/problem+json"
            && self["status"]?.number?.int64 == Int64(status)
            && fields[.tesseraRefusal].map { $0 == self["refusal"]?.string } ?? false
    }
}
