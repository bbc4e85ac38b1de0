import Synchronization
public import TesseraCore
public import TesseraTime

extension MemoryStore: OperationStore {
    public func noteRuns(_ runs: [JobRun]) async throws(StoreError) {
        state.withLock { state in
            for run in runs { state.jobRuns[run.job] = run }
        }
    }

    public func jobRuns() async throws(StoreError) -> [JobRun] {
        state.withLock { state in JobName.allCases.compactMap { state.jobRuns[$0] } }
    }

    public func census(at now: NumericDate) async throws(StoreError) -> StoreCensus {
        state.withLock { state in
            func rows<Row>(
                _ table: StoreCensus.Table, _ all: some Collection<Row>, isLive: (Row) -> Bool = { _ in true }
            ) -> StoreCensus.Rows {
                let live = all.count(where: isLive)
                return StoreCensus.Rows(table, live: live, dead: all.count - live)
            }
            return StoreCensus(rows: [
                rows(.users, state.users.values) { $0.user.isActive },
                rows(.sessions, state.sessions.values) { $0.expiresAt > now },
                rows(.tokens, state.tokens.values) { $0.state(at: now) == .active },
                rows(.refusals, state.refusals.values), rows(.requests, state.requests),
                rows(.auditEvents, state.events),
                rows(.claims, state.claims.values) { $0.claim.expiresAt > now },
            ])
        }
    }
}
