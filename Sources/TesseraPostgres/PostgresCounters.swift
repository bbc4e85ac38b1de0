import Synchronization
import TesseraDatabase

/// The counters of a pool, for ``StoreTraffic``. The thread of the pool writes them, and any thread reads them.
///
/// There is no lock: values that are read together may come from different moments.
final class PostgresCounters: Sendable {
    private let openConnections = Atomic<Int>(0)
    private let waitingReads = Atomic<Int>(0)
    private let waitingChanges = Atomic<Int>(0)
    private let readGroupsUnderWay = Atomic<Int>(0)
    private let changeGroupsUnderWay = Atomic<Int>(0)
    private let sentReads = Atomic<Int>(0)
    private let sentChanges = Atomic<Int>(0)
    private let sentReadGroups = Atomic<Int>(0)
    private let sentChangeGroups = Atomic<Int>(0)
    private let refusals = Atomic<Int>(0)
    private let reconnections = Atomic<Int>(0)
    private let channelReconnections = Atomic<Int>(0)
    /// In nanoseconds; -1 before the first beat.
    private let lag = Atomic<Int64>(-1)
    /// In microseconds; `.min` before the clock of the server is known.
    private let clockLead = Atomic<Int64>(.min)

    // MARK: By the thread

    /// Stores the present numbers, before the thread waits for an event.
    func publish(connections: [PostgresConnection], reads: Int, changes: Int) {
        openConnections.store(connections.count, ordering: .relaxed)
        waitingReads.store(reads, ordering: .relaxed)
        waitingChanges.store(changes, ordering: .relaxed)
        var underWay = (reads: 0, changes: 0)
        for connection in connections {
            for segment in connection.segments {
                switch segment.requests[0].kind {
                case .read: underWay.reads += 1
                case .change: underWay.changes += 1
                }
            }
        }
        readGroupsUnderWay.store(underWay.reads, ordering: .relaxed)
        changeGroupsUnderWay.store(underWay.changes, ordering: .relaxed)
    }

    /// Counts a group of requests that were sent together.
    func countGroup(_ kind: PostgresRequest.Kind, _ size: Int) {
        switch kind {
        case .read:
            sentReads.wrappingAdd(size, ordering: .relaxed)
            sentReadGroups.wrappingAdd(1, ordering: .relaxed)
        case .change:
            sentChanges.wrappingAdd(size, ordering: .relaxed)
            sentChangeGroups.wrappingAdd(1, ordering: .relaxed)
        }
    }

    /// Counts a connection for requests that replaced a lost one.
    func countReconnection() { reconnections.wrappingAdd(1, ordering: .relaxed) }

    /// Counts a connection for notifications that replaced a lost one.
    func countChannelReconnection() { channelReconnections.wrappingAdd(1, ordering: .relaxed) }

    /// Stores the delay of a beat.
    func note(lag nanoseconds: Int64) { lag.store(max(0, nanoseconds), ordering: .relaxed) }

    /// Stores the lead of the server's clock over this machine's, in microseconds.
    func note(clockLead microseconds: Int64) { clockLead.store(microseconds, ordering: .relaxed) }

    // MARK: By others

    /// Counts a request that was refused because too many wait.
    func countRefusal() { refusals.wrappingAdd(1, ordering: .relaxed) }

    /// Returns the present values.
    ///
    /// - Parameter limit: The largest number of connections for requests.
    func traffic(limit: Int) -> StoreTraffic {
        var traffic = StoreTraffic()
        traffic.connections = .init(open: openConnections.load(ordering: .relaxed), limit: limit)
        traffic.reads = .init(
            waiting: waitingReads.load(ordering: .relaxed),
            groupsUnderWay: readGroupsUnderWay.load(ordering: .relaxed),
            handedOver: sentReads.load(ordering: .relaxed), groups: sentReadGroups.load(ordering: .relaxed))
        traffic.changes = .init(
            waiting: waitingChanges.load(ordering: .relaxed),
            groupsUnderWay: changeGroupsUnderWay.load(ordering: .relaxed),
            handedOver: sentChanges.load(ordering: .relaxed),
            groups: sentChangeGroups.load(ordering: .relaxed))
        traffic.refusals = refusals.load(ordering: .relaxed)
        traffic.reconnections = .init(
            forRequests: reconnections.load(ordering: .relaxed),
            forChanges: channelReconnections.load(ordering: .relaxed))
        let lag = lag.load(ordering: .relaxed)
        traffic.notificationLag = lag < 0 ? nil : .nanoseconds(lag)
        let lead = clockLead.load(ordering: .relaxed)
        traffic.clockLead = lead == .min ? nil : .microseconds(lead)
        return traffic
    }
}
