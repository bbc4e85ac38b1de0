public import TesseraCore
import TesseraCrypto
import TesseraTime

/// What every store promises: one clause for each sentence of the protocols' comments.
///
/// Run every clause against a new, empty store. A clause throws ``Violation`` when the promise is broken.
public struct StoreContract: Sendable {
    /// One promise.
    public struct Clause: Sendable, CustomStringConvertible {
        /// The promise as a sentence.
        public let description: String
        let check: @Sendable (any Store) async throws -> Void

        init(_ description: String, _ check: @escaping @Sendable (any Store) async throws -> Void) {
            self.description = description
            self.check = check
        }

        /// Checks the promise on a new, empty store, and that the store tells of each change on the way.
        ///
        /// - Throws: ``Violation``, or what the store throws.
        public func verify(on store: any Store) async throws {
            let witness = try await Witness.of(store)
            try await Witness.$current.withValue(witness) { try await check(store) }
            try await witness.check(store)
        }
    }

    /// A promise that was broken.
    public struct Violation: Error, CustomStringConvertible {
        public let description: String
    }

    /// All promises.
    public static let clauses =
        users + signIn + sessions + scopes + tokens + tokenLife + changes + authorization + refusals
        + requests + claims
        + audit + operation + health

    /// Throws unless `condition` holds.
    static func expect(_ condition: Bool, _ sentence: String) throws {
        if !condition { throw Violation(description: sentence) }
    }

    /// Throws unless both are equal.
    static func expect<Value: Equatable>(_ value: Value, is expected: Value, _ what: String) throws {
        if value != expected { throw Violation(description: "\(what): \(value), not \(expected)") }
    }

    /// Throws unless the body throws an error of a store.
    static func expectError(_ what: String, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch is StoreError {
            return
        }
        throw Violation(description: "\(what) was not an error")
    }

    /// Adds a user to build on.
    static func addUser(_ store: any Store, _ user: User = .make(), hash: String = "$hash$") async throws
        -> User
    {
        try expect(
            try await store.add(user, passwordHash: hash, audit: .make(.userAdded, user: user.id)),
            "a user was not added")
        Witness.current?.remember(user)
        return user
    }

    /// Adds a token to build on.
    static func addToken(_ store: any Store, _ token: AccessToken, _ digest: TokenDigest = .make())
        async throws
    {
        try expect(try await store.insert(token, digest: digest, audit: nil), "a token was not stored")
        _ = try await Witness.current?.find(digest, in: store)
    }

    /// What is found by a digest: the same by the look-up that waits and, where a store has one, by that which does not.
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
        Clause("a secret of the installation is drawn once") { store in
            let (first, second) = (RandomSource.system.bytes(32), RandomSource.system.bytes(32))
            try expect(try await store.installationSecret("a", otherwise: first), is: first, "the first")
            try expect(
                try await store.installationSecret("a", otherwise: second), is: first, "the same again")
            try expect(try await store.installationSecret("b", otherwise: second), is: second, "another")
        },
        Clause("the prefix that was chosen last is the first, however clocks differ") { store in
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
