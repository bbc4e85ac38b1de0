import TesseraCore
import TesseraCrypto
import TesseraHosting
import TesseraJOSE
import TesseraServer
import TesseraStores

/// `tessera fixtures bulk`
enum FixturesBulk {
    private static let count = Parameter.required(
        "--tokens", .number("N", in: 1...100_000_000), "How many tokens.")
    private static let file = Parameter.required(
        "--tokens-file", .file, "Where the tokens are written, one a line, for their owner alone.")

    static let command = Command(
        "bulk", "Fill a database with many tokens, for measuring.",
        details: """
            The tokens are spread over 1,000 users who cannot sign in, and live for a year. They work: delete the file \
            and the database afterwards.
            """,
        parameters: [count, file] + TokenParameters.workspace,
        examples: ["tessera fixtures bulk --tokens 1000000 --tokens-file tokens --database sqlite:bench.db"],
        database: .changes
    ) { invocation in
        let output = try TokenFile(creating: invocation[file])
        let database = try await Workspace.openMigrated(invocation)
        defer { database.close() }
        let prefixes = try await TokenPrefixes.load(
            from: database.store, wanted: invocation[CommonParameters.tokenPrefix], role: .command,
            at: WallClock.system.now)
        let filling = Filling(database: database, format: prefixes.format)
        let owners = try await filling.owners()
        let total = invocation[count]
        var done = 0
        while done < total {
            let size = min(Filling.batch, total - done)
            try output.append(try await filling.insert(size, of: owners, from: done))
            done += size
            if done % 100_000 == 0 || done == total { invocation.console.note("\(done) of \(total)") }
        }
    }
}

/// Puts users and tokens into a store as fast as it takes them.
private struct Filling {
    /// How many tokens one transaction holds.
    static let batch = 20_000
    private static let userCount = 1_000
    /// A hash that no password has: salt and hash are all zero.
    private static let unusableHash =
        "$argon2id$v=19$m=19456,t=2,p=1$\(String(repeating: "A", count: 22))$\(String(repeating: "A", count: 43))"

    private let database: Database
    private let store: any Store
    private let format: TokenFormat
    private let identifiers = IdentifierSource(random: .system)
    private let now = WallClock.system.now

    init(database: Database, format: TokenFormat) {
        self.database = database
        store = database.store
        self.format = format
    }

    /// The users, made if they are not there yet.
    func owners() async throws -> [User.ID] {
        try await withThrowingTaskGroup(of: User.ID?.self) { group in
            // All at once, so that the store commits them together.
            for number in 1...Self.userCount {
                group.addTask { try await owner(number) }
            }
            return try await group.reduce(into: []) { owners, id in
                if let id { owners.append(id) }
            }
        }
    }

    private func owner(_ number: Int) async throws -> User.ID? {
        guard let email = EmailAddress("bulk-\(number)@bench.example") else { return nil }
        if let user = try await store.user(email: email) { return user.id }
        let user = User(
            id: identifiers.next(at: now), email: email, username: "Bulk \(number)", createdAt: now)
        let event = AuditEvent(
            identifiers.next(at: now), .userAdded, by: .commandLine, user: user.id, at: now)
        let added = try await store.add(
            user, passwordHash: Self.unusableHash, by: .commandLine, audit: event)
        return added?.user.id
    }

    /// Stores that many new tokens and returns them.
    func insert(_ count: Int, of owners: [User.ID], from number: Int) async throws -> [TokenSecret] {
        var secrets: [TokenSecret] = []
        var records: [(AccessToken, TokenDigest)] = []
        for index in number..<(number + count) {
            guard let name = TokenName("bulk \(index + 1)") else { continue }
            let secret = format.draw(.personal, from: .system)
            let token = AccessToken(
                id: identifiers.next(at: now), owner: owners[index % owners.count], kind: .personal,
                name: name, scope: [.tokensRead], lastFour: secret.lastFour, createdAt: now,
                expiresAt: now + .seconds(365 * 86_400))
            secrets.append(secret)
            records.append((token, secret.digest))
        }
        try await database.insertTokensInBulk(records)
        return secrets
    }
}
