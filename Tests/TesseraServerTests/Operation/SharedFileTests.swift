import Glibc
import Synchronization
import TesseraCore
import TesseraOpenAPI
import TesseraStores
import TesseraTestKit
import Testing

@testable import TesseraServer

/// A server and another process on one SQLite file, where the server comes to look at it too late, as after it was stopped.
@Suite struct SharedFileTests {
    private final class Flag: Sendable {
        let value = Atomic(false)
    }

    @Test(arguments: [10_000, 0], ["revoke", "suspend", "disable", "remove"])
    func whatAnotherProcessEndedIsRefusedOnceNothingIsCertain(_ capacity: Int, _ change: String) async throws
    {
        let directory = try TemporaryDirectory()
        let store = try await SQLiteStore.open(path: directory.path("t.db"), migrate: true)
        let here = try await TestAuthority(store: store) { $0.tokenCacheCapacity = capacity }
        let there = try await TestAuthority(
            store: try await SQLiteStore.open(path: directory.path("t.db"), migrate: true), seed: 2)
        let user = try await here.person("ember")
        let (issued, other) = (
            try await here.issue(to: user), try await here.issue(to: try await here.person("ash"))
        )
        func status(_ token: IssuedToken) async throws -> Int {
            try await here.client().get("/api/me", token: token.secret.plainText).status
        }
        for _ in 1...2 {
            for token in [issued, other] { #expect(try await status(token) == 200) }
        }
        // Blocks the thread that looks at the file.
        let (isBlocked, isFree) = (Flag(), Flag())
        store.observeChanges(includesForeign: true) { _ in
            guard !isBlocked.value.exchange(true, ordering: .acquiringAndReleasing) else { return }
            while !isFree.value.load(ordering: .acquiring) { usleep(1_000) }
        }
        defer { isFree.value.store(true, ordering: .releasing) }
        _ = try await there.person("somebody")
        while !isBlocked.value.load(ordering: .acquiring) { await Task.yield() }

        let (authority, now) = (there.authority, there.clock.now)
        switch change {
        case "revoke": _ = try await authority.tokens.revoke(issued.token, by: .commandLine, at: now)
        case "suspend":
            _ = try await authority.tokens.change(
                issued.token, .init(isSuspended: true), by: .commandLine, at: now)
        case "disable":
            _ = try await authority.accounts.setDisabled(true, user: user.id, by: .commandLine, at: now)
        default: _ = try await authority.accounts.remove(user.id, by: .commandLine, at: now)
        }
        let hears = try #require(store.hearsForeignChanges)
        while hears() { await Task.yield() }
        #expect(try await status(issued) == 401)
        #expect(try await status(other) == 200)
    }
}
