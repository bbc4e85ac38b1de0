import Synchronization
import TesseraCrypto
import TesseraTime
import Testing

@testable import TesseraCore

@Suite struct TokenCacheTests {
    private func entry(_ number: Int, owner: UInt64 = 1) throws -> CachedToken {
        let now = NumericDate(seconds: 1_000)
        let user = User(
            id: User.ID(high: owner, low: 0), email: try #require(EmailAddress("a@b")), username: "a",
            createdAt: now)
        let token = AccessToken(
            id: AccessToken.ID(high: 0, low: UInt64(number)), subject: .user(user.id), kind: .personal,
            name: try #require(TokenName("t")), scope: .empty, lastFour: "abcd", createdAt: now,
            expiresAt: nil)
        let presented = PresentedToken(StoredToken(token: token, principal: .user(user)))
        return CachedToken(
            VerifiedAccessToken(presented, rights: TokenRights(of: presented, .empty)),
            digest: SHA256.digest(of: "\(number)"))
    }

    private func insert(_ entry: CachedToken, into cache: TokenCache) {
        cache.insert(entry, ticket: cache.ticket(for: entry.digest))
    }

    /// The token that the cache holds for a digest.
    private func found(_ digest: TokenDigest, in cache: TokenCache) -> AccessToken.ID? {
        cache.find(digest) { $0.token.id }
    }

    @Test func findsWhatWasInserted() throws {
        let cache = TokenCache(capacity: 100)
        let entry = try entry(1)
        insert(entry, into: cache)
        #expect(found(entry.digest, in: cache) == entry.token.id)
        #expect(found(SHA256.digest(of: "2"), in: cache) == nil)
    }

    @Test func whileBypassedNothingIsFoundNorKept() throws {
        let cache = TokenCache(capacity: 100)
        let (before, meanwhile) = (try entry(1), try entry(2))
        insert(before, into: cache)
        cache.bypass()
        insert(meanwhile, into: cache)
        #expect(found(before.digest, in: cache) == nil)
        #expect(found(meanwhile.digest, in: cache) == nil)
        cache.restart()
        #expect(cache.count == 0)
        insert(meanwhile, into: cache)
        #expect(found(meanwhile.digest, in: cache) == meanwhile.token.id)
    }

    @Test func nothingIsFoundWhileNothingIsCertain() throws {
        let certainty = Mutex(true)
        let cache = TokenCache(capacity: 100, isCertain: { certainty.withLock { $0 } })
        let entry = try entry(1)
        insert(entry, into: cache)
        #expect(found(entry.digest, in: cache) == entry.token.id)
        #expect(!cache.isBypassed)
        certainty.withLock { $0 = false }
        #expect(found(entry.digest, in: cache) == nil)
        #expect(cache.isBypassed)
        let meanwhile = try self.entry(2)
        insert(meanwhile, into: cache)
        // The cache keeps its entries. If it had missed a change, it would have been emptied.
        certainty.withLock { $0 = true }
        #expect(found(entry.digest, in: cache) == entry.token.id)
        #expect(found(meanwhile.digest, in: cache) == nil)
    }

    @Test func aNewEntryTakesThePlaceOfTheOld() throws {
        let cache = TokenCache(capacity: 100)
        let (old, new) = (try entry(1), try entry(2))
        insert(old, into: cache)
        insert(CachedToken(new.token, digest: old.digest), into: cache)
        #expect(found(old.digest, in: cache) == new.token.id)
        #expect(cache.count == 1)
    }

    @Test func rightsAreSharedWithinOneStateOfTheirSubjectAlone() throws {
        let cache = TokenCache(capacity: 100)
        let owner = try #require(try entry(1).token.owner)
        func token(
            of principal: Principal, for client: Client.ID? = nil, grant: Grant.ID? = nil,
            _ metadata: TokenMetadata = .empty
        ) throws -> PresentedToken {
            PresentedToken(
                id: AccessToken.ID(high: 0, low: 1), kind: .oauth, name: try #require(TokenName("t")),
                scope: .empty, metadata: metadata, expiresAt: nil, revokedAt: nil, suspendedAt: nil,
                principal: principal, client: client, grant: grant)
        }
        var changed = owner
        changed.isOperator = true
        for user in [owner, changed, owner] {
            #expect(cache.rights(of: try token(of: .user(user)), .empty).principal == .user(user))
        }
        let metadata = try TokenMetadata(["team": "blue"])
        #expect(cache.rights(of: try token(of: .user(owner), metadata), .empty).metadata == metadata)
        #expect(cache.rights(of: try token(of: .user(owner)), .empty).metadata.isEmpty)
        #expect(cache.rights(of: try token(of: .user(owner)), [.tokensRead]).scope == [.tokensRead])
        // The same number as an identifier of a client and of a person is not the same subject.
        let client = Client.ID(high: owner.id.high, low: owner.id.low)
        let own = cache.rights(of: try token(of: .client(client), for: client), .empty)
        #expect(own.principal == .client(client) && !own.isOfUser)
        #expect(cache.rights(of: try token(of: .client(client), for: client), .empty) === own)
        let granted = try token(of: .user(owner), for: client, grant: Grant.ID(high: 1, low: 2))
        #expect(cache.rights(of: granted, .empty).grant == granted.grant)
        #expect(cache.rights(of: try token(of: .user(owner), for: client), .empty).client == client)
        #expect(cache.rights(of: try token(of: .user(owner)), .empty).client == nil)
    }

    @Test func lookUpFromBeforeTheRestartIsNotCached() throws {
        let cache = TokenCache(capacity: 100)
        let entry = try entry(1)
        cache.bypass()
        let ticket = cache.ticket(for: entry.digest)
        cache.restart()
        cache.insert(entry, ticket: ticket)
        #expect(cache.count == 0)
    }

    @Test func removedIsGone() throws {
        let cache = TokenCache(capacity: 100)
        let entry = try entry(1)
        insert(entry, into: cache)
        cache.remove(entry.digest)
        #expect(found(entry.digest, in: cache) == nil)
    }

    @Test func lookUpThatBeganBeforeARemovalIsNotCached() throws {
        let cache = TokenCache(capacity: 100)
        let entry = try entry(1)
        let ticket = cache.ticket(for: entry.digest)
        cache.remove(entry.digest)
        cache.insert(entry, ticket: ticket)
        #expect(found(entry.digest, in: cache) == nil)
    }

    @Test(arguments: [true, false])
    func lookUpThatBeganBeforeAWiderRemovalIsNotCached(_ ofOwner: Bool) throws {
        let cache = TokenCache(capacity: 100)
        let entry = try entry(1)
        let ticket = cache.ticket(for: entry.digest)
        if ofOwner { cache.forget(.account(try #require(entry.token.owner).id)) } else { cache.removeAll() }
        cache.insert(entry, ticket: ticket)
        #expect(found(entry.digest, in: cache) == nil)
    }

    @Test func removingAnOwnerLeavesTheOthers() throws {
        let cache = TokenCache(capacity: 100_000)
        let entries = try (0..<3_000).map { try entry($0, owner: UInt64($0 % 3)) }
        for entry in entries { insert(entry, into: cache) }
        cache.forget(.account(try #require(entries[1].token.owner).id))
        #expect(cache.count == 2_000)
        for (number, entry) in entries.enumerated() {
            #expect(found(entry.digest, in: cache) == (number % 3 == 1 ? nil : entry.token.id))
        }
    }

    @Test func staysWithinItsBoundAndKeepsWhatIsUsed() throws {
        let cache = TokenCache(capacity: 3_200)
        let used = try entry(0)
        insert(used, into: cache)
        for number in 1..<8_000 {
            insert(try entry(number), into: cache)
            if number % 50 == 0 { #expect(found(used.digest, in: cache) == used.token.id) }
        }
        #expect(cache.count <= 3_200)
    }

    @Test func behavesLikeADictionaryThroughGrowthRemovalAndReplacement() throws {
        let cache = TokenCache(capacity: 1_000_000)
        var expected: [TokenDigest: AccessToken.ID] = [:]
        var generator = SplitMix(state: 7)
        for step in 0..<6_000 {
            let entry = try entry(Int.random(in: 0..<1_000, using: &generator))
            if step % 3 == 0 {
                cache.remove(entry.digest)
                expected[entry.digest] = nil
            } else {
                insert(entry, into: cache)
                expected[entry.digest] = entry.token.id
            }
        }
        #expect(cache.count == expected.count)
        for number in 0..<1_000 {
            let digest = SHA256.digest(of: "\(number)")
            #expect(found(digest, in: cache) == expected[digest])
        }
        cache.removeAll()
        #expect(cache.count == 0)
    }

    @Test func aUseIsTakenOnce() throws {
        let cache = TokenCache(capacity: 100)
        let entry = try entry(1)
        insert(entry, into: cache)
        let instant = NumericDate(seconds: 2_000)
        #expect(cache.find(entry.digest) { $0.noteUse(at: instant) } == true)
        #expect(cache.find(entry.digest) { $0.noteUse(at: instant + .seconds(1)) } == false)
        #expect(cache.takeUse(entry.digest) == instant + .seconds(1))
        #expect(cache.takeUse(entry.digest) == nil)
    }

    @Test func capacityOfZeroKeepsNothing() throws {
        let cache = TokenCache(capacity: 0)
        let entry = try entry(1)
        insert(entry, into: cache)
        #expect(found(entry.digest, in: cache) == nil)
        #expect(cache.count == 0)
    }
}

/// A generator of the same numbers in every run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
