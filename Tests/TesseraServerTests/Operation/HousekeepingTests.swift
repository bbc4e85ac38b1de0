import TesseraCore
import TesseraCrypto
import TesseraStores
import TesseraTestKit
import Testing

@testable import TesseraServer

@Suite struct HousekeepingTests {
    @Test func sessionsLiveAsLongAsConfigured() async throws {
        let store = MemoryStore()
        let user = User.make()
        _ = try await store.add(user, passwordHash: "", audit: .make())
        let digest = SHA256Digest.make()
        try await store.start(.make(user: user), digest: digest, audit: .make())
        let clock = FixedClock()
        let work = Housekeeping(
            store: store, uses: TokenUseLog(cache: TokenCache(capacity: 0)),
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
