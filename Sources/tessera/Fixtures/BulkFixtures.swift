import TesseraCore
import TesseraCrypto
import TesseraHosting
import TesseraServer
import TesseraStores
import TesseraTime

/// Users and tokens that fill a store as fast as it accepts them.
struct BulkFixtures {
    /// The number of tokens in one transaction.
    static let batch = 20_000
    private static let userCount = 1_000
    /// A hash that matches no password: its salt and hash are zero.
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

    /// Returns the users, and creates those that do not exist.
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

    /// Stores `count` new tokens and returns them.
    func insert(_ count: Int, of owners: [User.ID], from number: Int) async throws -> [TokenSecret] {
        var secrets: [TokenSecret] = []
        var records: [(AccessToken, TokenDigest)] = []
        for index in number..<(number + count) {
            guard let name = TokenName("bulk \(index + 1)") else { continue }
            let secret = format.draw(.personal, from: .system)
            let token = AccessToken(
                id: identifiers.next(at: now), subject: .user(owners[index % owners.count]), kind: .personal,
                name: name, scope: [.tokensRead], lastFour: secret.lastFour, createdAt: now,
                expiresAt: now + .seconds(365 * 86_400))
            secrets.append(secret)
            records.append((token, secret.digest))
        }
        try await database.insertTokensInBulk(records)
        return secrets
    }
}
