import Synchronization
import TesseraDatabase

/// What a pool counts of itself, for ``StoreTraffic``: written by its thread, read by whoever wants to know.
///
/// Nobody waits for anybody: what is read together may be from two moments.
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

    /// How things stand before it waits for something to happen.
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

    /// So many requests were sent together.
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

    /// A connection for requests was made in the place of one that was lost.
    func countReconnection() { reconnections.wrappingAdd(1, ordering: .relaxed) }

    /// The connection that hears was made in the place of one that was lost.
    func countChannelReconnection() { channelReconnections.wrappingAdd(1, ordering: .relaxed) }

    /// A beat has come back.
    func note(lag nanoseconds: Int64) { lag.store(max(0, nanoseconds), ordering: .relaxed) }

    /// The clock of the server is so many microseconds ahead of this machine's.
    func note(clockLead microseconds: Int64) { clockLead.store(microseconds, ordering: .relaxed) }

    // MARK: By others

    /// A request was refused because too many wait.
    func countRefusal() { refusals.wrappingAdd(1, ordering: .relaxed) }

    /// - Parameter limit: How many connections there may be for requests.
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
