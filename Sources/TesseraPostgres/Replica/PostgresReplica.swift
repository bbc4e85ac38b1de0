import Synchronization
package import TesseraDatabase

/// A standby of the database, where presented tokens are looked up first, as far as it can be believed.
///
/// Its answer counts when it shows, once it is here, that everything is in it that this node has heard or changed itself
/// (``ReplicaDemand``), and when what is asked for was found: making a token tells nobody, so that a new one may not have
/// come there yet. Everything else is asked of the primary in the same call. See Documentation/scaling.md for the bound.
///
/// It never keeps anybody waiting for long: nothing is tried twice, and after a failure nobody is sent there before a look
/// in the background has succeeded.
public final class PostgresReplica: Sendable {
    private struct State: Sendable {
        var demand = ReplicaDemand()
        var news = ReplicaNews()
    }

    /// Apart from the replica, because the thread that talks to the standby needs it.
    private final class Shared: Sendable { let state = Mutex(State()) }

    private let primary: PostgresPool
    private let standby: PostgresPool
    private let shared: Shared
    private let marks: ReplicaMarkStatements
    private let counters = ReplicaCounters()
    private let report: @Sendable (ReplicaNotice) -> Void

    /// Returns at once: a standby that is away is used when it comes.
    ///
    /// - Parameters:
    ///   - url: Where the standby is; of several hosts one that is a standby is used.
    ///   - database: What it is a standby of.
    ///   - report: Told what becomes of it, from any thread, which it must not keep.
    /// - Throws: ``StoreError`` when the system has no thread for it.
    package init(
        _ url: PostgresURL, of database: PostgresDatabase, marks: ReplicaMarkStatements,
        report: @escaping @Sendable (ReplicaNotice) -> Void = { _ in }
    ) throws(StoreError) {
        let shared = Shared()
        var options = PostgresDatabase.Options(
            connectionCount: 2, requestTimeout: .milliseconds(400), statementTimeout: .milliseconds(300),
            connectTimeout: .seconds(2), queueCapacity: 5_000)
        options.target = .standby(
            PostgresPrelude(
                step: {
                    let mark = shared.state.withLock { $0.demand.mark }
                    return PostgresStep(marks.question, [mark?.value ?? .null])
                },
                met: { shared.state.withLock { $0.demand.meet(as: ReplicaMark.draw()) } }, fault: Self.fault))
        self.shared = shared
        self.marks = marks
        self.report = report
        primary = database.pool
        standby = try PostgresPool(url, options)
        // Ahead of everybody who remembers something: what they are told to forget, the standby must not give back to them.
        database.listen { [self] event in take(event) }
    }

    deinit { standby.close() }

    /// Closes the connections to the standby.
    public func close() { standby.close() }

    /// How look-ups have ended so far.
    package var traffic: StoreTraffic.Replica { counters.traffic(isUsed: obstacle == nil) }

    // MARK: Asking

    /// The first row that a statement answers there.
    ///
    /// - Parameter row: Reads one row, on the caller's own executor.
    /// - Returns: `nil` when the primary has to be asked.
    package func first<Value: Sendable>(
        _ statement: SQLText, _ values: [PostgresValue], _ row: (borrowing PostgresRow) throws -> Value
    ) async -> Value? {
        if let obstacle {
            counters.count(obstacle)
            // A standby that was met anew waits for somebody who wants something of it.
            beginWork()
            return nil
        }
        do {
            let results = try await standby.run(
                .read, [PostgresStep(statement, values)], isImpatient: true)
            let standing = try ReplicaStanding(results[0])
            // Not before the answer is here: what was heard meanwhile must be in it as well.
            guard believes(standing) else { return nil }
            guard let found = try PostgresAnswers(results).first(1, row) else {
                counters.countMiss()
                return nil
            }
            counters.countAnswer()
            return found
        } catch {
            // Whatever it was, the primary is asked, and a look will tell what is wrong.
            counters.count(.failed)
            doubt(.failed)
            return nil
        }
    }

    /// Why nobody is sent there; `nil` when it is asked.
    private var obstacle: ReplicaDemand.Obstacle? {
        primary.hearing.isCertain ? shared.state.withLock { $0.demand.obstacle } : .unheard
    }

    private func believes(_ standing: ReplicaStanding) -> Bool {
        guard primary.hearing.isCertain else {
            counters.count(.unheard)
            return false
        }
        let obstacle: ReplicaDemand.Obstacle? = shared.state.withLock { state in
            if state.demand.believes(standing) { return nil }
            return state.demand.mark == nil ? .unheard : .behind
        }
        guard let obstacle else { return true }
        counters.count(obstacle)
        doubt(obstacle)
        return false
    }

    // MARK: Knowing what to believe

    private func take(_ event: PostgresChannel.Event) {
        shared.state.withLock { state in
            switch event {
            case .heard: state.demand.hear(as: ReplicaMark.draw())
            case .lost: state.demand.lose()
            case .message, .changed: state.demand.noteChange()
            }
        }
        beginWork()
    }

    private func doubt(_ obstacle: ReplicaDemand.Obstacle) {
        shared.state.withLock { $0.demand.doubt(obstacle) }
        beginWork()
    }

    /// Does what has to be done before the standby is asked again, unless that is under way.
    private func beginWork() {
        guard shared.state.withLock({ $0.demand.beginWork() }) else { return }
        Task { await work() }
    }

    private func work() async {
        // A standby has most changes within milliseconds. One that is away is looked for about once a second.
        var backOff = PostgresBackOff(first: 5_000_000, longest: 1_000_000_000)
        while !primary.isClosed, let step = nextStep() {
            do throws(StoreError) {
                if try await take(step) {
                    backOff.reset()
                    continue
                }
            } catch {
                // Said by the primary, whose failures are seen everywhere else as well.
            }
            // Ends early only when the task is cancelled, which nobody does.
            try? await Task.sleep(for: .nanoseconds(backOff.next()))
        }
    }

    private func nextStep() -> ReplicaDemand.Step? {
        shared.state.withLock { $0.demand.nextStep(Hearing.now, draw: ReplicaMark.draw) }
    }

    /// - Returns: Whether the next step may follow at once.
    private func take(_ step: ReplicaDemand.Step) async throws(StoreError) -> Bool {
        switch step {
        case .write(let mark):
            let steps = [
                PostgresStep(marks.write, [mark.value]), PostgresStep(marks.prune),
            ]
            _ = try await primary.run(.change, steps, locking: .several)
            shared.state.withLock { $0.demand.note(written: mark, at: Hearing.now) }
            return true
        case .ask(let changes):
            let results = try await primary.run(.read, [PostgresStep(Self.position)])
            let position: Int64 = try PostgresRow(results[0], 0).integer(0)
            shared.state.withLock { $0.demand.note(position: position, after: changes) }
            return true
        case .look: return await look()
        }
    }

    // Up to where the log is written to disk. Whatever is told was written before it was told, since no change here is
    // confirmed before it is durable; what is behind it, such as beats, the standby gets up to half a second later.
    private static let position = SQLText("SELECT (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint")

    /// - Returns: Whether the standby is asked from now on.
    private func look() async -> Bool {
        do throws(StoreError) {
            let results = try await standby.run(.read, [], isImpatient: true)
            let standing = try ReplicaStanding(results[0])
            let notice: ReplicaNotice? = shared.state.withLock { state in
                if let bytes = state.demand.shortfall(of: standing) { counters.note(bytesBehind: bytes) }
                if state.demand.note(standing) { return state.news.use() }
                return state.news.lag(Self.lag(standing), Hearing.now)
            }
            if let notice { report(notice) }
            return obstacle == nil
        } catch {
            let notice = shared.state.withLock { state in
                state.demand.noteFailedLook()
                return state.news.fail(error.sentence)
            }
            if let notice { report(notice) }
            return false
        }
    }

    private static func lag(_ standing: ReplicaStanding) -> String {
        standing.mark == nil
            ? "PostgreSQL: the replica does not show what was written to the primary."
            : "PostgreSQL: the replica has not applied everything that was changed."
    }

    /// Its connection is given up when it is no standby any more, so that another host of the URL may take its place.
    private static let fault: @Sendable (PostgresResult) -> StoreError? = { answer in
        do throws(StoreError) {
            guard try !ReplicaStanding(answer).isInRecovery else { return nil }
            return StoreError(.unavailable, "PostgreSQL: the replica is no standby any more.")
        } catch {
            return error
        }
    }
}
