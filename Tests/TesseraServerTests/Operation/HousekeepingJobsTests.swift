import TesseraCore
import TesseraCrypto
import TesseraHosting
import TesseraTestKit
import TesseraTime
import Testing

@testable import TesseraServer

@Suite struct HousekeepingJobsTests {
    @Test func everyJobIsInTheList() async throws {
        let authority = try await TestAuthority().authority
        #expect(authority.lifecycle.housekeeping.jobs.map(\.name) == JobName.allCases)
    }

    @Test func sessionsLiveAsLongAsConfigured() async throws {
        let clock = FixedClock()
        let test = try await TestAuthority(clock: clock) {
            $0.sessionLimits = .init(idle: .seconds(14 * 86_400))
        }
        let store = test.authority.store
        let user = User.make()
        _ = try await store.add(user, passwordHash: "", audit: .make())
        let digest = SHA256Digest.make()
        try await store.start(.make(user: user), digest: digest, audit: .make())
        clock.advance(by: .seconds(10 * 86_400))
        try await test.run(.pruneSessions)
        #expect(try await store.session(digest) != nil)
        clock.advance(by: .seconds(5 * 86_400))
        try await test.run(.pruneSessions)
        #expect(try await store.session(digest) == nil)
    }

    @Test func recordsAreKeptAsLongAsConfigured() async throws {
        let clock = FixedClock()
        let test = try await TestAuthority(clock: clock) {
            $0.retention = Retention(refusals: .seconds(10), audit: .seconds(20), deadTokens: .seconds(30))
        }
        let store = test.authority.store
        let user = try await test.person("ada")
        let digest = SHA256Digest.make()
        _ = try await store.insert(
            .make(owner: user, expiresAt: clock.now), digest: digest, limit: nil, audit: nil)
        let refusal = Refusal.make(at: clock.now)
        try await store.record([refusal])
        func prune() async throws -> [Bool] {
            for job in [JobName.pruneTokens, .pruneRefusals, .pruneAudit] { try await test.run(job) }
            return [
                try await store.refusal(refusal.id) != nil,
                try await !store.events(concerning: user.id, before: nil, limit: 9).isEmpty,
                try await store.find(digest) != nil,
            ]
        }
        clock.advance(by: .seconds(10))
        #expect(try await prune() == [true, true, true])
        clock.advance(by: .seconds(1))
        #expect(try await prune() == [false, true, true])
        clock.advance(by: .seconds(10))
        #expect(try await prune() == [false, false, true])
        clock.advance(by: .seconds(10))
        #expect(try await prune() == [false, false, false])
    }

    @Test func requestsAreKeptAsLongAsConfigured() async throws {
        let clock = FixedClock()
        let test = try await TestAuthority(clock: clock) { $0.retention.requests = .seconds(10) }
        let store = test.authority.store
        try await store.record([TokenRequest.make(.make(owner: .make()))])
        clock.advance(by: .seconds(10))
        try await test.run(.pruneRequests)
        #expect(try await store.requests(.init(), limit: 9).count == 1)
        clock.advance(by: .seconds(1))
        try await test.run(.pruneRequests)
        #expect(try await store.requests(.init(), limit: 9).isEmpty)
    }

    @Test func claimsAreDeletedWhenTheyHaveExpired() async throws {
        let clock = FixedClock()
        let test = try await TestAuthority(clock: clock)
        let claim = Claim.make(expiresAt: clock.now + .seconds(10))
        _ = try await test.authority.store.claim(claim, at: clock.now)
        func claims() async throws -> StoreCensus.Rows? {
            try await test.authority.store.census(at: clock.now).rows.first { $0.table == .claims }
        }
        clock.advance(by: .seconds(9))
        try await test.run(.pruneClaims)
        #expect(try await claims() == .init(.claims, live: 1))
        clock.advance(by: .seconds(1))
        #expect(try await claims() == .init(.claims, live: 0, dead: 1))
        try await test.run(.pruneClaims)
        #expect(try await claims() == .init(.claims, live: 0))
    }

    @Test func stockIsTakenAndWrittenDown() async throws {
        let test = try await TestAuthority()
        _ = try await test.person("ada")
        try await test.run(.pruneAudit)
        try await test.run(.takeStock)
        #expect(try await test.authority.store.jobRuns().map(\.job) == [.pruneAudit])
        #expect(test.authority.lifecycle.board.census?.rows.first == .init(.users, live: 1))
        let metrics = try await test.client().get("/metrics").text
        for line in [
            #"tessera_rows{table="users",state="live"} 1"#, #"tessera_rows_estimated{table="users"} 0"#,
            #"tessera_queue_length{queue="refusals"} 0"#, #"tessera_job_runs_total{job="take-stock"} 1"#,
            #"tessera_job_failures_total{job="prune-audit"} 0"#,
            #"tessera_job_last_run_timestamp_seconds{job="prune-audit"} 1767225600"#,
        ] {
            #expect(metrics.contains("\n\(line)\n"))
        }
    }
}

extension TestAuthority {
    func run(_ name: JobName) async throws {
        let housekeeping = authority.lifecycle.housekeeping
        await housekeeping.run(try #require(housekeeping.jobs.first { $0.name == name }))
    }
}
