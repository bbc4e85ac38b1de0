public import TesseraCore
import TesseraCrypto
import TesseraTime

/// Development data: people, their tokens, and one token that works.
///
/// - Warning: The passwords stand in the source. Where fixtures are loaded, everybody can sign in as an operator.
public struct Fixtures: Sendable {
    /// A person and the password they sign in with.
    public struct Account: Sendable {
        public let user: User
        public let password: String
    }

    /// The operator first, then the one the token belongs to, then everybody else.
    public let accounts: [Account]
    /// A token of `ember@example.com` that may do all its owner may, made just now and different each time.
    public let token: IssuedToken
    /// Whether the people and their tokens were made by this call; otherwise they were there before.
    public let isNew: Bool
}

/// Why fixtures cannot be loaded.
public enum FixturesError: Error, Sendable, CustomStringConvertible {
    /// There are people in the database, and they are no fixtures.
    case databaseInUse

    public var description: String {
        "Fixtures go into an empty database; this one has users already."
    }
}

extension Authority {
    /// Fills an empty database with development data, the same for the same seed; does nothing but make a fresh token
    /// when that has happened before.
    ///
    /// - Warning: These are known credentials; see ``Fixtures``.
    /// - Throws: ``FixturesError``, `StoreError`, `PasswordError`.
    public func loadFixtures(seed: UInt64 = 1) async throws -> Fixtures {
        let now = clock.now
        let isNew = try await store.users(after: nil, limit: 1).isEmpty
        if isNew { try await makeFixtures(FixturePlan(seed: seed, now: now), at: now) }
        let accounts = try await knownAccounts()
        guard let ember = accounts.first(where: { $0.user.email.text == FixturePlan.ember.email })?.user
        else {
            throw FixturesError.databaseInUse
        }
        let order = TokenDesk.Order(
            name: "Fresh from the demo", scopes: catalogue.rights(of: ember).tokens.map(\.text),
            expiresAt: now + .seconds(30 * 86_400))
        return Fixtures(
            accounts: accounts, token: try await tokens.issue(order, to: ember, by: .system, at: now),
            isNew: isNew)
    }

    /// The people of the fixtures who are there, whatever seed they came from.
    private func knownAccounts() async throws -> [Fixtures.Account] {
        var accounts: [Fixtures.Account] = []
        for person in FixturePlan.everybody {
            guard let email = EmailAddress(person.email), let user = try await store.user(email: email) else {
                continue
            }
            accounts.append(Fixtures.Account(user: user, password: person.password))
        }
        return accounts
    }

    private func makeFixtures(_ plan: FixturePlan, at now: NumericDate) async throws {
        var plan = plan
        let hashes = try await passwordHashes(of: plan.people)
        let identifiers = IdentifierSource(random: services.random)
        var users: [User] = []
        for (index, person) in plan.people.enumerated() {
            guard let email = EmailAddress(person.email) else { continue }
            let created = now - .seconds((40 + 9 * (plan.people.count - index)) * 86_400)
            let user = User(
                id: identifiers.next(at: created), email: email, username: person.name,
                isOperator: person.isOperator, createdAt: created)
            let event = AuditEvent(
                identifiers.next(at: created), .userAdded, by: .system, user: user.id, at: created)
            let proof = try await store.add(user, passwordHash: hashes[index], by: .system, audit: event)
            guard proof != nil else {
                throw FixturesError.databaseInUse
            }
            users.append(user)
        }
        // A source of its own: identifiers only ever go up, and the first tokens are older than the last people.
        let tokenIdentifiers = IdentifierSource(random: services.random)
        for number in 0..<FixturePlan.tokenCount {
            let token = plan.token(
                number, of: users, rights: catalogue.rights, tokenIdentifiers, services.random)
            // Nobody has ever seen a string with this digest: these tokens are to be looked at, not to be used.
            let digest = SHA256.digest(of: services.random.bytes(32))
            _ = try await store.insert(token, digest: digest, limit: nil, by: .system, audit: nil)
        }
    }

    /// In the order of the people; hashed side by side, since each takes its time.
    private func passwordHashes(of people: [FixturePlan.Person]) async throws -> [String] {
        let hasher = services.hasher
        return try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for (index, person) in people.enumerated() {
                group.addTask { (index, try await hasher.hash(Secret(utf8: person.password))) }
            }
            var hashes = [String](repeating: "", count: people.count)
            for try await (index, hash) in group { hashes[index] = hash }
            return hashes
        }
    }
}

/// What the development data is made of.
private struct FixturePlan {
    struct Person {
        let name: String
        let password: String
        var isOperator = false

        var email: String { "\(name.lowercased())@example.com" }
    }

    static let tokenCount = 30
    static let keeper = Person(name: "Keeper", password: "keeper-of-the-hoard", isOperator: true)
    static let ember = Person(name: "Ember", password: "a-hoard-of-old-gold")
    /// Who the others may be; a seed picks ten of them.
    private static let others = [
        "Ashwing", "Brimble", "Cinder", "Drake", "Fafnir", "Glint", "Hearth", "Igna", "Jasper", "Kindle",
        "Lumen",
        "Morrow", "Nettle", "Onyx", "Pyra", "Quill", "Rook", "Saffron", "Talon", "Umber",
    ].map { Person(name: $0, password: "all-dragons-share-this-one") }

    static var everybody: [Person] { [keeper, ember] + others }

    /// In the order they came.
    let people: [Person]
    private let now: NumericDate
    private var generator: SeededGenerator

    init(seed: UInt64, now: NumericDate) {
        var generator = SeededGenerator(seed: seed)
        people = [Self.keeper, Self.ember] + Self.others.shuffled(using: &generator).prefix(10)
        self.now = now
        self.generator = generator
    }

    private static let purposes = [
        "Backup of the vault", "Nightly count", "Laptop", "Phone", "Spreadsheet import",
        "Script on the old server",
        "Continuous integration", "Treasure map printer", "Dashboard", "Trying things out", "Weekly report",
        "Integration with the guild",
    ]

    /// Most are alive, some have expired, some were revoked, some were never used.
    mutating func token(
        _ number: Int, of users: [User], rights: (User) -> Scope, _ identifiers: IdentifierSource,
        _ random: RandomSource
    ) -> AccessToken {
        // The first tokens go to everybody in turn, so that nobody has none.
        let owner = number < users.count ? users[number] : users.randomElement(using: &generator) ?? users[0]
        let purpose = Self.purposes.randomElement(using: &generator) ?? ""
        guard let name = TokenName(purpose) else { preconditionFailure("a purpose is no name: \(purpose)") }
        let scope = Scope(rights(owner).tokens.filter { _ in Bool.random(using: &generator) })
        let age = Duration.seconds(86_400 * (FixturePlan.tokenCount - number) + 3_600)
        let createdAt = now - age
        let fate = Int.random(in: 0..<10, using: &generator)
        let expiresAt: NumericDate? =
            switch fate {
            case 0, 1: createdAt + age / 2
            case 2: nil
            case 3: now + .seconds(3 * 86_400)
            default: now + .seconds(86_400 * Int64([30, 60, 300].randomElement(using: &generator) ?? 30))
            }
        let end = min(expiresAt ?? now, now)
        let lastUsedAt = Bool.random(using: &generator) ? createdAt + (end - createdAt) / 3 : nil
        return AccessToken(
            id: identifiers.next(at: createdAt), subject: .user(owner.id), kind: .personal, name: name,
            scope: scope,
            lastFour: lastFour(random), createdAt: createdAt, expiresAt: expiresAt,
            revokedAt: fate == 4 ? createdAt + age / 2 : nil, lastUsedAt: lastUsedAt)
    }

    private func lastFour(_ random: RandomSource) -> String {
        let letters = Array("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789")
        return String(random.uniform(below: UInt8(letters.count), count: 4).map { letters[Int($0)] })
    }
}

/// SplitMix64: the same numbers for the same seed, on every machine. Not for secrets.
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
