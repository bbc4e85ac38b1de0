import TesseraCrypto
import TesseraStores
import TesseraTestKit
import TesseraTime
import Testing

@testable import TesseraCore

@Suite struct TokenCheckerTests {
    private static let now = fixtureInstant
    private let store = MemoryStore()
    private let catalogue: ScopeCatalogue
    private let uses: TokenUseLog
    private let checker: TokenChecker

    init() async throws {
        let cache = TokenCache(capacity: 100)
        catalogue = ScopeCatalogue(
            store: store, identifiers: IdentifierSource(random: .seeded(2)))
        try await catalogue.ensure(ScopeDefinition.builtIn, at: Self.now)
        store.observeChanges(includesForeign: true) { cache.forget($0) }
        uses = TokenUseLog(cache: cache)
        checker = TokenChecker(
            format: TokenFormat(), store: store, catalogue: catalogue, cache: cache, uses: uses)
    }

    /// Stores a token and returns its string.
    private func store(_ token: AccessToken, of owner: User) async throws -> String {
        _ = try await store.add(owner, passwordHash: "", audit: .make())
        let secret = TokenFormat().draw(.personal, from: .system)
        #expect(try await store.insert(token, digest: secret.digest, audit: nil))
        return secret.plainText
    }

    /// The result of a check in a word.
    private func result(
        _ text: String, for needed: Scope = .empty, at now: NumericDate = now
    ) async throws -> String {
        switch try await checker.check(text, for: needed, at: now) {
        case .accepted(let token): token.scope.tokens.map(\.text).joined(separator: " ")
        case .refused(let rejection): word(for: rejection)
        }
    }

    private func word(for rejection: TokenCheck.Rejection) -> String {
        switch rejection {
        case .malformed: "malformed"
        case .mistyped: "mistyped"
        case .misplaced(let kind): "misplaced: \(kind.rawValue)"
        case .unknown: "unknown"
        case .revoked: "revoked"
        case .expired: "expired"
        case .suspended: "suspended"
        case .ownerDisabled: "owner disabled"
        case .insufficientScope: "insufficient scope"
        }
    }

    @Test func secretOfAnotherKindIsRefusedByItsKind() async throws {
        let secret = TokenFormat().draw(.clientSecret, from: .system)
        #expect(try await result(secret.plainText) == "misplaced: client-secret")
    }

    @Test func theFirstReasonInOrderIsReported() async throws {
        let (active, disabled) = (User.make(), User.make(disabledAt: Self.now))
        let examples: [(AccessToken, User, String)] = [
            (
                .make(
                    owner: disabled, expiresAt: Self.now, revokedAt: Self.now, suspendedAt: Self.now),
                disabled, "revoked"
            ),
            (.make(owner: disabled, expiresAt: Self.now, suspendedAt: Self.now), disabled, "expired"),
            (.make(owner: disabled, suspendedAt: Self.now), disabled, "suspended"),
            (.make(owner: disabled), disabled, "owner disabled"),
            (.make(owner: active, scope: .empty), active, "insufficient scope"),
        ]
        for (token, owner, expected) in examples {
            let text = try await store(token, of: owner)
            for _ in 1...2 { #expect(try await result(text, for: [.tokensRead]) == expected) }
        }
        #expect(uses.count == 0)
    }

    @Test func aTokenIsDeadAtItsExpiryFromTheStoreAndFromTheCache() async throws {
        let owner = User.make()
        let end = Self.now + .milliseconds(5)
        let text = try await store(.make(owner: owner, scope: .empty, expiresAt: end), of: owner)
        #expect(try await result(text, at: end) == "expired")
        #expect(try await result(text, at: end + .milliseconds(-1)) == "")
        // The token is in the cache now.
        #expect(try await result(text, at: end) == "expired")
        #expect(try await result(text, at: end + .milliseconds(-1)) == "")
    }

    @Test func aTokenDoesNoMoreThanItsOwnerMayDoNow() async throws {
        let name = try #require(ScopeToken("hoard:count"))
        try await catalogue.put(
            ScopeDefinition(name, "Count", isForOperators: true), by: .commandLine, at: Self.now)
        let (user, keeper) = (User.make(), User.make(isOperator: true))
        let scope = Scope([name, .tokensRead])
        let (small, large) = (
            try await store(.make(owner: user, scope: scope), of: user),
            try await store(.make(owner: keeper, scope: scope), of: keeper)
        )
        for _ in 1...2 {
            #expect(try await result(small) == "tokens:read")
            #expect(try await result(small, for: [name]) == "insufficient scope")
            #expect(try await result(large) == "hoard:count tokens:read")
        }
    }

    @Test func aUseIsNotedOnceAndOnlyWhereTheTokenIsAccepted() async throws {
        let owner = User.make()
        let token = AccessToken.make(owner: owner, scope: [.tokensRead])
        let text = try await store(token, of: owner)
        for _ in 1...2 { #expect(try await result(text, for: [.tokensWrite]) == "insufficient scope") }
        #expect(uses.count == 0)
        for second in 1...3 {
            #expect(
                try await result(text, for: [.tokensRead], at: Self.now + .seconds(second)) == "tokens:read")
        }
        #expect(uses.count == 1)
        #expect(try await uses.flush(to: store, limit: 9) == 1)
        #expect(try await store.token(token.id)?.lastUsedAt == Self.now + .seconds(3))
        #expect(try await uses.flush(to: store, limit: 9) == 0)
        #expect(try await result(text, at: Self.now + .seconds(9)) == "tokens:read")
        #expect(uses.count == 1)
    }

    @Test func usesBeyondTheLimitWait() async throws {
        let owner = User.make()
        for _ in 1...5 { _ = try await result(try await store(.make(owner: owner), of: owner)) }
        #expect(uses.count == 5)
        #expect(try await uses.flush(to: store, limit: 3) == 3)
        #expect(uses.count == 2)
        #expect(try await uses.flush(to: store, limit: 3) == 2)
        let tokens = try await store.tokens(of: owner.id, before: nil, limit: 9)
        #expect(tokens.allSatisfy { $0.lastUsedAt == Self.now })
    }

    @Test func ofTwoUsesOfOneTokenTheLaterIsWritten() async throws {
        let owner = User.make()
        let token = AccessToken.make(owner: owner)
        _ = try await store(token, of: owner)
        // Read from the store at two instants, and no longer in the cache.
        for seconds in [5, 9, 7] {
            #expect(uses.note(token.id, .make(), TokenUse(at: Self.now + .seconds(seconds), from: nil)))
        }
        #expect(try await uses.flush(to: store, limit: 9) == 3)
        #expect(try await store.token(token.id)?.lastUsedAt == Self.now + .seconds(9))
    }

    @Test func aUseWithoutRoomLeavesTheNextOneToCount() async throws {
        let owner = User.make()
        let (token, other) = (AccessToken.make(owner: owner), AccessToken.make(owner: owner))
        let text = try await store(token, of: owner)
        let digest = TokenDigest.make()
        while uses.note(other.id, digest, TokenUse(at: Self.now, from: nil)) {}
        let full = uses.count
        for _ in 1...2 { #expect(try await result(text) == "tokens:read") }
        #expect(uses.count == full)
        try await uses.flush(to: store, limit: full)
        #expect(try await result(text) == "tokens:read")
        #expect(uses.count == 1)
    }

    @Test func usesThatCannotBeWrittenAreKept() async throws {
        let owner = User.make()
        let token = AccessToken.make(owner: owner)
        let text = try await store(token, of: owner)
        for second in 1...3 { _ = try await result(text, at: Self.now + .seconds(second)) }
        let closed = try await SQLiteStore.open(.sqliteInMemory, migrate: true)
        closed.close()
        await #expect(throws: StoreError.self) { try await uses.flush(to: closed, limit: 9) }
        #expect(uses.count == 1)
        #expect(try await uses.flush(to: store, limit: 9) == 1)
        #expect(try await store.token(token.id)?.lastUsedAt == Self.now + .seconds(3))
    }
}
