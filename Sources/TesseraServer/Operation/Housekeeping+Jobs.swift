import TesseraCore
import TesseraHosting
import TesseraTime

extension Housekeeping {
    /// All jobs of an authority.
    static func jobs(
        of services: DomainServices, board: JobBoard, _ clocks: ClockComparison
    ) -> [Job] {
        let (store, tokens, clock) = (services.store, services.tokens, services.clock)
        let (uses, refusals, requests) = (services.uses, services.refusals, services.requests)
        let retention = services.configuration.retention
        let idle = services.sessions.limits.idle
        return [
            // One step of 250 each second: when very many tokens are in use, the list lags rather than taking the
            // processor from the checks.
            Job(
                name: .writeUses, period: .seconds(1), isShared: false, stepSize: 250, stepsPerRun: 1,
                waiting: { uses.count }
            ) { _, limit throws(StoreError) in try await uses.flush(to: store, limit: limit) },
            Job(
                name: .writeRefusals, period: .seconds(1), isShared: false, stepSize: 10_000, stepsPerRun: 1,
                waiting: { refusals.count }
            ) { _, _ throws(StoreError) in try await refusals.flush() },
            Job(
                name: .writeRequests, period: .seconds(1), isShared: false, stepSize: 10_000, stepsPerRun: 1,
                waiting: { requests.count }
            ) { _, _ throws(StoreError) in try await requests.flush() },
            // Not while more last uses wait than one step writes: what looks quiet then may not be.
            Job(name: .endRotatedTokens, period: .seconds(60)) { now, limit throws(StoreError) in
                guard uses.count <= 250 else { return 0 }
                return try await tokens.endQuietOverlaps(at: now, limit: limit)
            },
            Job(name: .pruneTokens, period: .seconds(60)) { now, limit throws(StoreError) in
                try await store.pruneTokens(deadBefore: now - retention.deadTokens, limit: limit)
            },
            Job(name: .pruneSessions, period: .seconds(60)) { now, limit throws(StoreError) in
                try await store.pruneSessions(expiredBefore: now, unseenSince: now - idle, limit: limit)
            },
            Job(name: .pruneRefusals, period: .seconds(60)) { now, limit throws(StoreError) in
                try await store.pruneRefusals(before: now - retention.refusals, limit: limit)
            },
            Job(name: .pruneRequests, period: .seconds(60)) { now, limit throws(StoreError) in
                try await store.pruneRequests(
                    before: now - retention.requests, keeping: TokenRequestLog.capacity, limit: limit)
            },
            Job(name: .pruneAudit, period: .seconds(60)) { now, limit throws(StoreError) in
                try await store.pruneEvents(before: now - retention.audit, limit: limit)
            },
            Job(name: .pruneAddresses, period: .seconds(60)) { now, limit throws(StoreError) in
                try await store.pruneFreedAddresses(before: now - FreedAddress.wait, limit: limit)
            },
            Job(name: .pruneClaims, period: .seconds(60)) { now, limit throws(StoreError) in
                try await store.pruneClaims(expiredAt: now, limit: limit)
            },
            // A little after the others, so that their first runs are among what it writes down; and the last of all in the
            // end. Each node takes its own, for its own pages and metrics.
            Job(name: .takeStock, period: .seconds(30), delay: .seconds(2), isShared: false, stepsPerRun: 1) {
                _, _ throws(StoreError) in
                clocks.look(at: store.traffic()?.clockLead)
                let runs = board.records.map(\.last)
                try await store.noteRuns(runs)
                board.census = try await store.census(at: clock.now)
                return runs.count
            },
        ]
    }
}
