import Synchronization
package import TesseraDatabase

/// A standby of the database that answers look-ups first, while its answers are proven to be current.
///
/// An answer counts when it proves on arrival that it contains all changes that this node has made or was notified of
/// (``ReplicaDemand``), and when it has a row: the creation of a row sends no notification, so a new row may be missing at the
/// standby. All other look-ups go to the primary in the same call. Documentation/scaling.md states the bound.
///
/// A look-up never waits long for the standby: there is no second attempt, and after a failure no look-up goes there before a
/// look in the background has succeeded.
public final class PostgresReplica: Sendable {
    private struct State: Sendable {
        var demand = ReplicaDemand()
        var news = ReplicaNews()
    }

    /// The state that the thread of the standby's pool shares with the replica.
    private final class Shared: Sendable { let state = Mutex(State()) }

    private let primary: PostgresPool
    private let standby: PostgresPool
    private let shared: Shared
    private let marks: ReplicaMarkStatements
    private let counters = ReplicaCounters()
    private let report: @Sendable (ReplicaNotice) -> Void

    /// Starts the use of a standby and returns at once; a standby that is away is used when it returns.
    ///
    /// - Parameters:
    ///   - url: The URL of the standby; of several hosts, one that is a standby is used.
    ///   - database: The primary.
    ///   - marks: The statements over the table of marks.
    ///   - report: Called when the use of the standby begins or ends, on any thread; it must return soon.
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
        // Before all caches: an entry that a cache drops must not return from the standby.
        database.listen { [self] event in take(event) }
    }

    deinit { standby.close() }

    /// Closes the connections to the standby.
    public func close() { standby.close() }

    /// Counts of the look-ups so far.
    package var traffic: StoreTraffic.Replica { counters.traffic(isUsed: obstacle == nil) }

    // MARK: Asking

    /// The first row that a statement returns at the standby.
    ///
    /// - Parameter row: Reads one row, on the executor of the caller.
    /// - Returns: `nil` when the caller must ask the primary.
    package func first<Value: Sendable>(
        _ statement: SQLText, _ values: [PostgresValue], _ row: (borrowing PostgresRow) throws -> Value
    ) async -> Value? {
        if let obstacle {
            counters.count(obstacle)
            // A standby with a new connection is looked at when the next look-up wants it.
            beginWork()
            return nil
        }
        do {
            let results = try await standby.run(
                .read, [PostgresStep(statement, values)], isImpatient: true)
            let standing = try ReplicaStanding(results[0])
            // Checked after the answer: it must also contain the changes that this node was notified of meanwhile.
            guard believes(standing) else { return nil }
            guard let found = try PostgresAnswers(results).first(1, row) else {
                counters.countMiss()
                return nil
            }
            counters.countAnswer()
            return found
        } catch {
            // After any error, the caller asks the primary, and a look finds the reason.
            counters.count(.failed)
            doubt(.failed)
            return nil
        }
    }

    /// The reason why look-ups do not go to the standby; `nil` when they do.
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

    /// Starts the steps that must precede the next look-up at the standby, unless they are under way.
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
                // An error of the primary, which all other requests report too.
            }
            // Ends early only when the task is cancelled, which never happens.
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

    // The position up to which the log is on disk. Each change is durable before its notification, because no commit here is
    // confirmed earlier. Later log records, such as beats, may reach the standby half a second later.
    private static let position = SQLText("SELECT (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint")

    /// Asks the standby for its progress.
    ///
    /// - Returns: `true` when look-ups go to the standby from now on.
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

    /// Reports a server that is no standby any more. The pool drops its connection, so that another host of the URL can
    /// replace it.
    private static let fault: @Sendable (PostgresResult) -> StoreError? = { answer in
        do throws(StoreError) {
            guard try !ReplicaStanding(answer).isInRecovery else { return nil }
            return StoreError(.unavailable, "PostgreSQL: the replica is no standby any more.")
        } catch {
            return error
        }
    }
}
