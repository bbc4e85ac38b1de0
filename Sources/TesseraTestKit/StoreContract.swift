public import TesseraCore
import TesseraCrypto
import TesseraTime

/// The contract of every store, with one clause for each sentence of the protocols' comments.
///
/// Verify every clause on a new, empty store. A clause throws ``Violation`` if the store breaks it.
public struct StoreContract: Sendable {
    /// One clause of the contract.
    public struct Clause: Sendable, CustomStringConvertible {
        /// The clause as a sentence.
        public let description: String
        let check: @Sendable (any Store) async throws -> Void

        init(_ description: String, _ check: @escaping @Sendable (any Store) async throws -> Void) {
            self.description = description
            self.check = check
        }

        /// Verifies the clause on a new, empty store, and that the store tells of each change on the way.
        ///
        /// - Throws: ``Violation``, or an error of the store.
        public func verify(on store: any Store) async throws {
            let witness = try await Witness.of(store)
            try await Witness.$current.withValue(witness) { try await check(store) }
            try await witness.check(store)
        }
    }

    /// A clause that the store breaks.
    public struct Violation: Error, CustomStringConvertible {
        /// The difference from the clause.
        public let description: String
    }

    /// All clauses.
    public static let clauses =
        users + signIn + sessions + scopes + tokens + tokenLife + changes + authorization + refusals
        + requests + claims
        + audit + operation + health

    /// Throws if `condition` is false.
    static func expect(_ condition: Bool, _ sentence: String) throws {
        if !condition { throw Violation(description: sentence) }
    }

    /// Throws if the values differ.
    static func expect<Value: Equatable>(_ value: Value, is expected: Value, _ what: String) throws {
        if value != expected { throw Violation(description: "\(what): \(value), not \(expected)") }
    }

    /// Throws if the body does not throw ``StoreError``.
    static func expectError(_ what: String, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch is StoreError {
            return
        }
        throw Violation(description: "\(what) was not an error")
    }

    /// Adds a user for a clause.
    static func addUser(_ store: any Store, _ user: User = .make(), hash: String = "$hash$") async throws
        -> User
    {
        try expect(
            try await store.add(user, passwordHash: hash, audit: .make(.userAdded, user: user.id)),
            "a user was not added")
        Witness.current?.remember(user)
        return user
    }

    /// Adds a token for a clause.
    static func addToken(_ store: any Store, _ token: AccessToken, _ digest: TokenDigest = .make())
        async throws
    {
        try expect(try await store.insert(token, digest: digest, audit: nil), "a token was not stored")
        _ = try await Witness.current?.find(digest, in: store)
    }

    /// Looks up a digest both ways, and throws if the immediate look-up, where a store has one, finds something else.
    static func found(_ store: any Store, _ digest: TokenDigest) async throws -> StoredToken? {
        try await Witness.current?.check(store)
        let found = try await Witness.current?.find(digest, in: store)
        switch try store.findImmediately(digest) {
        case .mustWait: break
        case .unknown: try expect(found == nil, "not found at once")
        case .found(let token):
            try expect(found.map(PresentedToken.init) == token, "at once another was found than by waiting")
        }
        return found
    }

    static let health = [
        Clause("a secret of the installation is created once") { store in
            let (first, second) = (RandomSource.system.bytes(32), RandomSource.system.bytes(32))
            try expect(try await store.installationSecret("a", otherwise: first), is: first, "the first")
            try expect(
                try await store.installationSecret("a", otherwise: second), is: first, "the same again")
            try expect(try await store.installationSecret("b", otherwise: second), is: second, "another")
        },
        Clause("the prefix chosen last comes first, even if clocks differ") { store in
            func expectPrefixes(_ prefixes: String...) async throws {
                try expect(try await store.tokenPrefixes().map(\.text), is: prefixes, "the prefixes")
            }
            func note(_ text: String, at instant: NumericDate?) async throws {
                guard let prefix = TokenPrefix(text) else { throw Violation(description: "no prefix") }
                try await store.noteTokenPrefix(prefix, chosenAt: instant)
            }
            try await expectPrefixes()
            try await note("bbb", at: fixtureInstant)
            try await note("aaa", at: nil)
            try await expectPrefixes("bbb", "aaa")
            try await note("ccc", at: fixtureInstant - .seconds(1_000))
            try await expectPrefixes("ccc", "bbb", "aaa")
            try await note("ccc", at: nil)
            try await note("bbb", at: nil)
            try await expectPrefixes("ccc", "bbb", "aaa")
            try await note("aaa", at: fixtureInstant)
            try await expectPrefixes("aaa", "ccc", "bbb")
            try await note("ccc", at: fixtureInstant)
            try await expectPrefixes("ccc", "aaa", "bbb")
        },
        Clause("a migrated store is ready") { store in try await store.checkReadiness() },
    ]
}
