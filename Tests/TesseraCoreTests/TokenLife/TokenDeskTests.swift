import TesseraCore
import TesseraCrypto
import TesseraTestKit
import TesseraTime
import Testing

/// A desk on a store in memory, with a checker.
private struct Office {
    let store = MemoryStore()
    let desk: TokenDesk
    let checker: TokenChecker
    let uses: TokenUseLog
    let owner = User.make()
    let now = fixtureInstant

    init(policy: TokenPolicy = TokenPolicy()) async throws {
        let cache = TokenCache(capacity: 100)
        let identifiers = IdentifierSource(random: .seeded(2))
        let catalogue = ScopeCatalogue(store: store, identifiers: identifiers)
        try await catalogue.ensure(ScopeDefinition.builtIn, at: fixtureInstant)
        let format = TokenFormat()
        desk = TokenDesk(
            store: store, catalogue: catalogue, format: format, identifiers: identifiers,
            random: .seeded(1), policy: policy)
        store.observeChanges(includesForeign: true) { cache.forget($0) }
        uses = TokenUseLog(cache: cache)
        checker = TokenChecker(
            format: format, store: store, catalogue: catalogue, cache: cache, uses: uses)
        _ = try await store.add(owner, passwordHash: "", audit: .make(.userAdded))
    }

    func issue(
        scopes: [String] = [], lifetime: Duration? = .seconds(1_000), metadata: [String: String] = [:]
    ) async throws -> IssuedToken {
        let order = TokenDesk.Order(
            name: "Laptop", scopes: scopes, expiresAt: lifetime.map { now + $0 },
            metadata: try TokenMetadata(metadata))
        return try await desk.issue(order, to: owner, by: .user(owner.id), at: now)
    }

    /// The cause of a refusal at this instant, in a word; `nil` if the token is accepted.
    func refusal(_ secret: TokenSecret, at instant: NumericDate? = nil) async throws -> String? {
        switch try await checker.check(secret.plainText, at: instant ?? now) {
        case .accepted: nil
        case .refused(.expired): "expired"
        case .refused(.revoked): "revoked"
        case .refused(.suspended): "suspended"
        case .refused(let other): "\(other)"
        }
    }

    func actions() async throws -> [AuditEvent.Action] {
        try await store.events(concerning: owner.id, limit: 99).map(\.action)
    }
}

@Suite struct TokenDeskRotationTests {
    @Test func successorHasTheSamePropertiesAndLifetime() async throws {
        let office = try await Office()
        let old = try await office.issue(scopes: ["tokens:read"], metadata: ["team": "blue"])
        let later = office.now + .seconds(400)
        let rotation = try await office.desk.rotate(
            old.token, overlap: .seconds(60), by: .user(office.owner.id), at: later)
        let new = rotation.issued.token
        #expect(new.name == old.token.name)
        #expect(new.scope == old.token.scope)
        #expect(new.metadata == old.token.metadata)
        #expect(new.createdAt == later)
        #expect(new.expiresAt == later + .seconds(1_000))
        #expect(new.replaces == old.token.id)
        #expect(rotation.old.replacedBy == new.id)
        #expect(rotation.old.expiresAt == later + .seconds(60))
        #expect(rotation.issued.secret.plainText != old.secret.plainText)
        #expect(try await office.actions().first == .tokenRotated)
    }

    @Test func bothTokensAreValidDuringTheOverlap() async throws {
        let office = try await Office()
        let old = try await office.issue()
        #expect(try await office.refusal(old.secret) == nil)
        let rotation = try await office.desk.rotate(
            old.token, overlap: .seconds(60), by: .user(office.owner.id), at: office.now)
        let end = office.now + .seconds(60)
        #expect(try await office.refusal(old.secret, at: end - .milliseconds(1)) == nil)
        #expect(try await office.refusal(old.secret, at: end) == "expired")
        #expect(try await office.refusal(rotation.issued.secret, at: end) == nil)
    }

    @Test func zeroOverlapEndsTheOldTokenAtOnce() async throws {
        let office = try await Office()
        let old = try await office.issue(lifetime: nil)
        #expect(try await office.refusal(old.secret) == nil)
        let rotation = try await office.desk.rotate(
            old.token, overlap: .zero, by: .user(office.owner.id), at: office.now)
        #expect(try await office.refusal(old.secret) == "expired")
        #expect(rotation.issued.token.expiresAt == nil)
        #expect(try await office.refusal(rotation.issued.secret) == nil)
    }

    @Test(arguments: [Duration.seconds(-1), TokenDesk.longestOverlap + .seconds(1)])
    func overlapOutOfRangeIsRefused(_ overlap: Duration) async throws {
        let office = try await Office()
        let old = try await office.issue()
        let error = await #expect(throws: InvalidInput.self) {
            try await office.desk.rotate(old.token, overlap: overlap, by: .commandLine, at: office.now)
        }
        #expect(error?.problems.map(\.path) == ["overlap"])
    }

    @Test func longestOverlapIsAccepted() async throws {
        let office = try await Office()
        let old = try await office.issue(lifetime: nil)
        let rotation = try await office.desk.rotate(
            old.token, overlap: TokenDesk.longestOverlap, by: .commandLine, at: office.now)
        #expect(rotation.old.expiresAt == office.now + TokenDesk.longestOverlap)
    }

    @Test func unusableTokenIsNotRotated() async throws {
        let office = try await Office()
        func conflict(_ token: AccessToken, at now: NumericDate) async -> TokenConflict? {
            await #expect(throws: TokenConflict.self) {
                try await office.desk.rotate(token, by: .commandLine, at: now)
            }
        }
        let expiring = try await office.issue()
        #expect(await conflict(expiring.token, at: office.now + .seconds(1_000)) == .expired)
        let suspended = try await office.desk.change(
            try await office.issue().token, .init(isSuspended: true), by: .commandLine, at: office.now)
        #expect(await conflict(suspended, at: office.now) == .suspended)
        let revoked = try await office.issue()
        _ = try await office.desk.revoke(revoked.token, by: .commandLine, at: office.now)
        // Uses the record from before the change.
        #expect(await conflict(revoked.token, at: office.now) == .revoked)
        let replaced = try await office.issue()
        _ = try await office.desk.rotate(replaced.token, by: .commandLine, at: office.now)
        #expect(await conflict(replaced.token, at: office.now) == .replaced)
        let unknown = AccessToken.make(owner: office.owner)
        #expect(await conflict(unknown, at: office.now) == .gone)
        let oauth = AccessToken.make(owner: office.owner, kind: .oauth)
        #expect(await conflict(oauth, at: office.now) == .ofApplication)
    }

    @Test func aMillisecondBeforeItsEndItCanBeRotated() async throws {
        let office = try await Office()
        let token = try await office.issue()
        let end = office.now + .seconds(1_000)
        let rotation = try await office.desk.rotate(token.token, by: .commandLine, at: end - .milliseconds(1))
        #expect(rotation.old.expiresAt == end)
    }

    @Test func tokenDoesNotGainScope() async throws {
        let office = try await Office()
        let old = try await office.issue(scopes: ["tokens:read", "tokens:write"])
        await #expect(throws: ScopeExceeded.self) {
            try await office.desk.rotate(
                old.token, limit: [.tokensWrite], by: .commandLine, at: office.now)
        }
        #expect(try await office.store.token(old.token.id)?.replacedBy == nil)
        let rotation = try await office.desk.rotate(
            old.token, limit: [.tokensWrite, .tokensRead], by: .commandLine, at: office.now)
        #expect(rotation.issued.token.scope == old.token.scope)
    }

    @Test func ofManyRotationsExactlyOneSucceeds() async throws {
        let office = try await Office()
        let old = try await office.issue()
        let successes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do {
                        _ = try await office.desk.rotate(old.token, by: .commandLine, at: office.now)
                        return true
                    } catch {
                        return error as? TokenConflict != .replaced
                    }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(successes == 1)
    }

    @Test func policyLimitsTheSuccessorAndLeavesTheRest() async throws {
        let office = try await Office(policy: TokenPolicy(longestLifetime: .seconds(500), tokensPerUser: 1))
        let foreverDigest = TokenDigest.make()
        let forever = AccessToken.make(owner: office.owner, expiresAt: nil)
        _ = try await office.store.insert(forever, digest: foreverDigest, audit: nil)
        // The limit on tokens does not apply to a rotation.
        let rotation = try await office.desk.rotate(forever, by: .commandLine, at: office.now)
        #expect(rotation.issued.token.expiresAt == office.now + .seconds(500))
    }
}

@Suite struct TokenDeskChangeTests {
    @Test func disabledTokenIsRefusedUntilItIsEnabled() async throws {
        let office = try await Office()
        let token = try await office.issue()
        #expect(try await office.refusal(token.secret) == nil)
        let disabled = try await office.desk.change(
            token.token, .init(isSuspended: true), by: .user(office.owner.id), at: office.now)
        #expect(disabled.state(at: office.now) == .suspended)
        #expect(try await office.refusal(token.secret) == "suspended")
        _ = try await office.desk.change(
            disabled, .init(isSuspended: false), by: .user(office.owner.id), at: office.now)
        #expect(try await office.refusal(token.secret) == nil)
        #expect(try await office.actions().prefix(2) == [.tokenEnabled, .tokenDisabled])
    }

    @Test func shortenedAndExtendedExpiryHoldAtOnce() async throws {
        let office = try await Office()
        let token = try await office.issue()
        #expect(try await office.refusal(token.secret) == nil)
        let soon = office.now + .seconds(10)
        let short = try await office.desk.change(
            token.token, .init(expiry: .at(soon)), by: .commandLine, at: office.now)
        #expect(try await office.refusal(token.secret, at: soon - .milliseconds(1)) == nil)
        #expect(try await office.refusal(token.secret, at: soon) == "expired")
        let long = try await office.desk.change(
            short, .init(expiry: .never), by: .commandLine, at: office.now)
        #expect(long.expiresAt == nil)
        #expect(try await office.refusal(token.secret, at: soon) == nil)
        #expect(try await office.actions().prefix(2) == [.tokenChanged, .tokenChanged])
    }

    @Test func changeWithoutEffectLeavesNoEvent() async throws {
        let office = try await Office()
        let token = try await office.issue().token
        let same = TokenDesk.Correction(
            name: " Laptop ", expiry: .init(token.expiresAt), isSuspended: false, metadata: .empty)
        #expect(try await office.desk.change(token, same, by: .commandLine, at: office.now) == token)
        #expect(try await office.actions().first == .tokenIssued)
    }

    @Test func expiryThatIsNotInTheFutureIsRefused() async throws {
        let office = try await Office()
        let token = try await office.issue().token
        for end in [office.now, office.now - .seconds(1), NumericDate(seconds: 253_402_300_800)] {
            let error = await #expect(throws: InvalidInput.self) {
                try await office.desk.change(
                    token, .init(name: "", expiry: .at(end)), by: .commandLine, at: office.now)
            }
            #expect(error?.problems.map(\.path) == ["name", "expires_at"])
        }
        let next = office.now + .milliseconds(1)
        let changed = try await office.desk.change(
            token, .init(expiry: .at(next)), by: .commandLine, at: office.now)
        #expect(changed.expiresAt == next)
    }

    @Test func endedTokenStaysEnded() async throws {
        let office = try await Office()
        let token = try await office.issue().token
        let expired = await #expect(throws: TokenConflict.self) {
            try await office.desk.change(
                token, .init(expiry: .never), by: .commandLine, at: office.now + .seconds(1_000))
        }
        #expect(expired == .expired)
        _ = try await office.desk.revoke(token, by: .commandLine, at: office.now)
        let revoked = await #expect(throws: TokenConflict.self) {
            try await office.desk.change(token, .init(isSuspended: true), by: .commandLine, at: office.now)
        }
        #expect(revoked == .revoked)
    }

    @Test func policyAppliesOnlyToALaterExpiry() async throws {
        let office = try await Office(policy: TokenPolicy(longestLifetime: .seconds(100)))
        let old = AccessToken.make(owner: office.owner, expiresAt: office.now + .seconds(1_000))
        let forever = AccessToken.make(owner: office.owner, expiresAt: nil)
        for token in [old, forever] {
            _ = try await office.store.insert(token, digest: .make(), audit: nil)
            let shorter = office.now + .seconds(900)
            let renamed = try await office.desk.change(
                token, .init(name: "Renamed", expiry: .init(token.expiresAt)), by: .commandLine,
                at: office.now)
            #expect(renamed.expiresAt == token.expiresAt)
            let changed = try await office.desk.change(
                token, .init(expiry: .at(shorter)), by: .commandLine, at: office.now)
            #expect(changed.expiresAt == shorter)
            for longer in [TokenChange.Expiry.at(shorter + .milliseconds(1)), .never] {
                await #expect(throws: InvalidInput.self) {
                    try await office.desk.change(
                        changed, .init(expiry: longer), by: .commandLine, at: office.now)
                }
            }
        }
    }

    @Test func overlapEndsBeforeItsTime() async throws {
        let office = try await Office()
        let token = try await office.issue()
        let rotation = try await office.desk.rotate(token.token, by: .commandLine, at: office.now)
        #expect(try await office.refusal(token.secret) == nil)
        try await office.desk.endOverlap(of: rotation.old, by: .system, at: office.now)
        #expect(try await office.refusal(token.secret) == "expired")
        #expect(try await office.actions().first == .tokenEnded)
    }
}

@Suite struct TokenUseTests {
    @Test func useIsNotedWithItsAddress() async throws {
        let office = try await Office()
        let token = try await office.issue()
        let address = ClientAddress(high: 0, low: 0xFFFF_CB00_7107)
        for seconds in [0, 5, 3] {
            _ = try await office.checker.check(
                token.secret.plainText, at: office.now + .seconds(seconds), from: address)
        }
        #expect(office.uses.count == 1)
        try await office.uses.flush(to: office.store, limit: 9)
        let stored = try await office.store.token(token.token.id)
        #expect(stored?.lastUsedFrom == address)
        // The cache keeps the use that came last, not the latest instant.
        #expect(stored?.lastUsedAt == office.now + .seconds(3))
    }

    @Test func addressChangesWithTheNextBatch() async throws {
        let office = try await Office()
        let token = try await office.issue()
        for (second, address) in [ClientAddress.local, nil, ClientAddress(high: 1, low: 2)].enumerated() {
            let now = office.now + .seconds(second)
            _ = try await office.checker.check(token.secret.plainText, at: now, from: address)
            try await office.uses.flush(to: office.store, limit: 9)
            let stored = try await office.store.token(token.token.id)
            #expect(stored?.lastUsedFrom == address)
            #expect(stored?.lastUsedAt == now)
        }
    }

    @Test func refusalIsNoUse() async throws {
        let office = try await Office()
        let token = try await office.issue()
        _ = try await office.checker.check(
            token.secret.plainText, for: [.tokensRead], at: office.now, from: .local)
        #expect(office.uses.count == 0)
    }
}

@Suite struct QuietOverlapTests {
    private static let hour = Duration.seconds(3_600)

    /// Rotates a token with an overlap of a day, and uses the new token at once.
    private static func rotated(
        policy: TokenPolicy = TokenPolicy(), usesNew: Bool = true
    ) async throws -> (office: Office, old: IssuedToken, new: IssuedToken) {
        let office = try await Office(policy: policy)
        let old = try await office.issue(lifetime: .seconds(30 * 86_400))
        let new = try await office.desk.rotate(old.token, by: .commandLine, at: office.now).issued
        if usesNew { try await office.store.noteUses([new.token.id: TokenUse(at: office.now)]) }
        return (office, old, new)
    }

    @Test func quietTokenEndsAfterHalfOfItsOverlap() async throws {
        let (office, old, new) = try await Self.rotated()
        let half = office.now + Self.hour * 12
        #expect(try await office.desk.endQuietOverlaps(at: half - .milliseconds(1), limit: 9) == 0)
        #expect(try await office.refusal(old.secret, at: half) == nil)
        #expect(try await office.desk.endQuietOverlaps(at: half, limit: 9) == 1)
        #expect(try await office.refusal(old.secret, at: half) == "expired")
        #expect(try await office.refusal(new.secret, at: half) == nil)
        let event = try #require(try await office.store.events(concerning: office.owner.id, limit: 1).first)
        #expect(event.action == .tokenEnded)
        #expect(event.actor == .system)
        #expect(event.token == old.token.id)
        #expect(try await office.desk.endQuietOverlaps(at: half, limit: 9) == 0)
    }

    @Test func usedTokenStaysValid() async throws {
        let (office, old, _) = try await Self.rotated()
        let use = office.now + Self.hour * 6
        try await office.store.noteUses([old.token.id: TokenUse(at: use)])
        #expect(
            try await office.desk.endQuietOverlaps(at: use + Self.hour * 12 - .milliseconds(1), limit: 9) == 0
        )
        #expect(try await office.desk.endQuietOverlaps(at: use + Self.hour * 12, limit: 9) == 1)
    }

    @Test func tokenStaysValidWhileTheNewOneIsNotInUse() async throws {
        let (office, _, _) = try await Self.rotated(usesNew: false)
        #expect(try await office.desk.endQuietOverlaps(at: office.now + Self.hour * 23, limit: 9) == 0)
    }

    @Test func tokenStaysValidWhenTheNewOneIsRevokedOrDisabled() async throws {
        let (office, _, new) = try await Self.rotated()
        let later = office.now + Self.hour * 23
        let disabled = try await office.desk.change(
            new.token, .init(isSuspended: true), by: .commandLine, at: office.now)
        #expect(try await office.desk.endQuietOverlaps(at: later, limit: 9) == 0)
        _ = try await office.desk.revoke(disabled, by: .commandLine, at: office.now)
        #expect(try await office.desk.endQuietOverlaps(at: later, limit: 9) == 0)
    }

    @Test func policySetsTheQuietTimeOrNone() async throws {
        let soon = try await Self.rotated(policy: TokenPolicy(quietEnd: .after(.seconds(60)))).office
        #expect(try await soon.desk.endQuietOverlaps(at: soon.now + .seconds(59), limit: 9) == 0)
        #expect(try await soon.desk.endQuietOverlaps(at: soon.now + .seconds(60), limit: 9) == 1)
        let never = try await Self.rotated(policy: TokenPolicy(quietEnd: .never)).office
        #expect(try await never.desk.endQuietOverlaps(at: never.now + Self.hour * 23, limit: 9) == 0)
    }

    @Test func quietTimeOfAShortOverlapIsAnHour() async throws {
        let office = try await Office()
        let old = try await office.issue()
        let rotation = try await office.desk.rotate(
            old.token, overlap: .seconds(600), by: .commandLine, at: office.now)
        let overlap = TokenOverlap(old: rotation.old, successor: rotation.issued.token)
        #expect(office.desk.policy.quietTime(of: overlap) == Self.hour)
    }

    @Test func noMoreTokensEndThanTheLimit() async throws {
        let (office, _, _) = try await Self.rotated()
        let other = try await office.issue(lifetime: .seconds(30 * 86_400))
        let new = try await office.desk.rotate(other.token, by: .commandLine, at: office.now).issued
        try await office.store.noteUses([new.token.id: TokenUse(at: office.now)])
        let later = office.now + Self.hour * 13
        #expect(try await office.desk.endQuietOverlaps(at: later, limit: 1) == 1)
        #expect(try await office.desk.endQuietOverlaps(at: later, limit: 1) == 1)
        #expect(try await office.desk.endQuietOverlaps(at: later, limit: 1) == 0)
    }
}

@Suite struct TokenDeskPolicyTests {
    @Test func newTokenMayNotOutliveThePolicy() async throws {
        let office = try await Office(policy: TokenPolicy(longestLifetime: .seconds(100)))
        #expect(try await office.issue(lifetime: .seconds(100)).token.expiresAt != nil)
        for lifetime in [Duration.seconds(100) + .milliseconds(1), nil] {
            let error = await #expect(throws: InvalidInput.self) {
                try await office.issue(lifetime: lifetime)
            }
            #expect(error?.problems.map(\.path) == ["expires_at"])
        }
    }

    @Test func limitCountsLivingTokens() async throws {
        let office = try await Office(policy: TokenPolicy(tokensPerUser: 2))
        let first = try await office.issue()
        _ = try await office.issue()
        await #expect(throws: TokenLimitReached.self) { try await office.issue() }
        _ = try await office.desk.revoke(first.token, by: .commandLine, at: office.now)
        _ = try await office.issue()
        await #expect(throws: TokenLimitReached.self) { try await office.issue() }
    }

    @Test func allTokensOfAnOwnerAreRevoked() async throws {
        let office = try await Office()
        let tokens = [try await office.issue(), try await office.issue(lifetime: nil)]
        for token in tokens { #expect(try await office.refusal(token.secret) == nil) }
        let count = try await office.desk.revokeAll(of: office.owner.id, by: .commandLine, at: office.now)
        #expect(count == 2)
        for token in tokens { #expect(try await office.refusal(token.secret) == "revoked") }
        #expect(try await office.actions().prefix(2) == [.tokenRevoked, .tokenRevoked])
    }
}
