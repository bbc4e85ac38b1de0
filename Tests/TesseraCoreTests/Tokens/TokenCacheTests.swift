import TesseraCrypto
import TesseraJOSE
import Testing

@testable import TesseraCore

@Suite struct TokenCacheTests {
    private func entry(_ number: Int, owner: UInt64 = 1) throws -> VerifiedAccessToken {
        let now = NumericDate(seconds: 1_000)
        let user = User(
            id: User.ID(high: owner, low: 0), email: try #require(EmailAddress("a@b")), username: "a",
            createdAt: now)
        let token = AccessToken(
            id: AccessToken.ID(high: 0, low: UInt64(number)), owner: user.id, kind: .personal,
            name: try #require(TokenName("t")), scope: .empty, lastFour: "abcd", createdAt: now,
            expiresAt: nil)
        return VerifiedAccessToken(
            token: token, owner: user, scope: .empty, digest: SHA256.digest(of: "\(number)"))
    }

    private func insert(_ entry: VerifiedAccessToken, into cache: TokenCache) {
        cache.insert(entry, ticket: cache.ticket(for: entry.digest))
    }

    @Test func findsWhatWasInserted() throws {
        let cache = TokenCache(capacity: 100)
        let token = try entry(1)
        insert(token, into: cache)
        #expect(cache.find(token.digest) === token)
        #expect(cache.find(SHA256.digest(of: "2")) == nil)
    }

    @Test func removedIsGone() throws {
        let cache = TokenCache(capacity: 100)
        let token = try entry(1)
        insert(token, into: cache)
        cache.remove(token.digest)
        #expect(cache.find(token.digest) == nil)
    }

    @Test func lookUpThatBeganBeforeARemovalPutsNothingBack() throws {
        let cache = TokenCache(capacity: 100)
        let token = try entry(1)
        let ticket = cache.ticket(for: token.digest)
        cache.remove(token.digest)
        cache.insert(token, ticket: ticket)
        #expect(cache.find(token.digest) == nil)
    }

    @Test(arguments: [true, false])
    func lookUpThatBeganBeforeAWiderRemovalPutsNothingBack(_ ofOwner: Bool) throws {
        let cache = TokenCache(capacity: 100)
        let token = try entry(1)
        let ticket = cache.ticket(for: token.digest)
        if ofOwner { cache.remove(owner: token.owner.id) } else { cache.removeAll() }
        cache.insert(token, ticket: ticket)
        #expect(cache.find(token.digest) == nil)
    }

    @Test func removingAnOwnerLeavesTheOthers() throws {
        let cache = TokenCache(capacity: 100)
        let (one, two) = (try entry(1, owner: 1), try entry(2, owner: 2))
        insert(one, into: cache)
        insert(two, into: cache)
        cache.remove(owner: one.owner.id)
        #expect(cache.find(one.digest) == nil)
        #expect(cache.find(two.digest) === two)
    }

    @Test func staysWithinItsBoundAndKeepsWhatIsUsed() throws {
        let cache = TokenCache(capacity: 3_200)
        let used = try entry(0)
        insert(used, into: cache)
        for number in 1..<20_000 {
            insert(try entry(number), into: cache)
            if number % 50 == 0 { #expect(cache.find(used.digest) === used) }
        }
        #expect(cache.count <= 3_200)
    }

    @Test func capacityOfZeroKeepsNothing() throws {
        let cache = TokenCache(capacity: 0)
        let token = try entry(1)
        insert(token, into: cache)
        #expect(cache.find(token.digest) == nil)
        #expect(cache.count == 0)
    }
}
