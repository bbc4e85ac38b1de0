import TesseraCore
import TesseraJOSE

/// What an authority does by itself.
struct Housekeeping: Sendable {
    /// How many rows one step deletes at most, so that no step holds up the writers.
    private static let pruneStep = 1_000
    /// How many last uses one second writes at most.
    private static let useStep = 250
    /// How long a dead token can still be explained.
    private static let deadTokenRetention = Duration.seconds(30 * 86400)

    let store: any Store
    let tokens: TokenDesk
    let uses: TokenUseLog
    let refusals: RefusalLog
    let sessionLimits: SessionDesk.Limits
    let clock: WallClock
    let log: Log

    /// Works until the task is cancelled.
    func run() async {
        var round = 0
        while !Task.isCancelled {
            await writeBatches()
            if round % 60 == 0 {
                await endRotatedTokens()
                await prune()
            }
            round += 1
            // Cancellation ends the wait early, and the loop with it.
            do { try await Task.sleep(for: .seconds(1)) } catch { return }
        }
    }

    /// Hands over what has been collected in memory.
    func writeBatches() async {
        await attempt("the last uses of tokens could not be written") { () throws(StoreError) in
            try await uses.flush(to: store, limit: Self.useStep)
        }
        await attempt("refusals could not be written") { () throws(StoreError) in try await refusals.flush() }
    }

    /// Hands over all that has been collected, before the process ends.
    func writeEverything() async {
        await attempt("the last uses of tokens could not be written") { () throws(StoreError) in
            while try await uses.flush(to: store, limit: 10 * Self.useStep) {}
        }
        await writeBatches()
    }

    /// Ends rotated tokens that nothing uses any more. Not while more last uses wait than one batch holds: what looks quiet
    /// then may not be.
    func endRotatedTokens() async {
        guard uses.count <= Self.useStep else { return }
        await attempt("rotated tokens could not be ended") { () throws(StoreError) in
            while try await tokens.endQuietOverlaps(at: clock.now, limit: Self.pruneStep) == Self.pruneStep {}
        }
    }

    /// Deletes what nobody can use or ask about any more.
    func prune() async {
        await attempt("old rows could not be deleted") { () throws(StoreError) in
            let now = clock.now
            while try await store.pruneTokens(
                deadBefore: now - Self.deadTokenRetention, limit: Self.pruneStep) == Self.pruneStep
            {}
            while try await store.pruneRefusals(before: now - RefusalLog.retention, limit: Self.pruneStep)
                == Self.pruneStep
            {}
            while try await store.pruneSessions(
                expiredBefore: now, unseenSince: now - sessionLimits.idle, limit: Self.pruneStep)
                == Self.pruneStep
            {}
        }
    }

    private func attempt(_ complaint: String, _ work: () async throws(StoreError) -> Void) async {
        do {
            try await work()
        } catch {
            log.error("\(complaint): \(error)")
        }
    }
}
