import TesseraCore
import TesseraCrypto
import TesseraStores
import TesseraTestKit
import Testing

@testable import TesseraServer

@Suite struct RotatedTokenEndTests {
    /// A person's token that was rotated, where the new one is in use.
    private func rotated() async throws -> (
        kit: TestAuthority, work: Housekeeping, owner: User, old: IssuedToken
    ) {
        let kit = try await TestAuthority { $0.tokenPolicy.tokensPerUser = nil }
        let authority = kit.authority
        let work = Housekeeping(
            store: authority.store, tokens: authority.tokens, uses: authority.uses,
            refusals: authority.refusals, sessionLimits: .init(), clock: kit.clock.clock, log: .silent)
        let owner = try await kit.person("ember")
        let old = try await kit.issue(to: owner, name: "Nightly build")
        let rotation = try await authority.tokens.rotate(old.token, by: .user(owner.id), at: kit.clock.now)
        #expect(
            try await kit.client().get("/api/me", token: rotation.issued.secret.plainText).status == 200)
        await work.writeBatches()
        return (kit, work, owner, old)
    }

    @Test func tokenThatNothingUsesEndsAndItsOwnerIsTold() async throws {
        let (kit, work, owner, old) = try await rotated()
        await work.endRotatedTokens()
        #expect(try await kit.client().get("/api/me", token: old.secret.plainText).status == 200)
        await work.writeBatches()
        kit.clock.advance(by: .seconds(12 * 3_600))
        await work.endRotatedTokens()
        #expect(try await kit.client().get("/api/me", token: old.secret.plainText).status == 401)
        let activity = try await kit.browser(of: owner).get("/settings/activity").text
        #expect(
            activity.contains(
                "Tessera ended the rotated token “Nightly build”, which nothing used any more"))
    }

    @Test func nothingEndsWhileLastUsesWait() async throws {
        let (kit, work, owner, old) = try await rotated()
        kit.clock.advance(by: .seconds(13 * 3_600))
        for _ in 0..<251 {
            let token = try await kit.token(for: owner)
            #expect(try await kit.client().get("/api/me", token: token).status == 200)
        }
        await work.endRotatedTokens()
        #expect(try await kit.authority.store.token(old.token.id)?.isAlive(at: kit.clock.now) == true)
        await work.writeBatches()
        await work.endRotatedTokens()
        #expect(try await kit.authority.store.token(old.token.id)?.isAlive(at: kit.clock.now) == false)
    }
}

@Suite struct HousekeepingTests {
    @Test func sessionsLiveAsLongAsConfigured() async throws {
        let store = MemoryStore()
        let user = User.make()
        _ = try await store.add(user, passwordHash: "", audit: .make())
        let digest = SHA256Digest.make()
        try await store.start(.make(user: user), digest: digest, audit: .make())
        let clock = FixedClock()
        let tokens = try await TestAuthority(store: store).authority.tokens
        let work = Housekeeping(
            store: store, tokens: tokens, uses: TokenUseLog(cache: TokenCache(capacity: 0)),
            refusals: RefusalLog(store: store),
            sessionLimits: .init(idle: .seconds(14 * 86_400)), clock: clock.clock, log: .silent)
        clock.advance(by: .seconds(10 * 86_400))
        await work.prune()
        #expect(try await store.session(digest) != nil)
        clock.advance(by: .seconds(5 * 86_400))
        await work.prune()
        #expect(try await store.session(digest) == nil)
    }
}
