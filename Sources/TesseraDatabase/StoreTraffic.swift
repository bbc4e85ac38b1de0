/// Counts of the traffic between this process and its store: requests that wait, requests under way, and totals since the
/// store was opened. A count that does not apply to a store, or that the store does not know, is `nil`.
public struct StoreTraffic: Sendable, Hashable {
    /// Counts of the requests of one kind.
    public struct Requests: Sendable, Hashable {
        /// The number of requests that could not be handed over yet.
        public var waiting: Int
        /// The number of groups that were handed over and are not answered; `nil` where there is at most one.
        public var groupsUnderWay: Int?
        /// The number of requests that were handed over.
        public var handedOver: Int
        /// The number of groups that contained these requests; each group is one transaction.
        public var groups: Int

        /// Creates the counts of one kind.
        public init(waiting: Int, groupsUnderWay: Int? = nil, handedOver: Int, groups: Int) {
            self.waiting = waiting
            self.groupsUnderWay = groupsUnderWay
            self.handedOver = handedOver
            self.groups = groups
        }
    }

    /// Counts of the connections for requests.
    public struct Connections: Sendable, Hashable {
        /// The number of open connections.
        public var open: Int
        /// The largest number of connections.
        public var limit: Int

        /// Creates the counts.
        public init(open: Int, limit: Int) {
            self.open = open
            self.limit = limit
        }
    }

    /// Counts of the connections that replaced lost ones.
    public struct Reconnections: Sendable, Hashable {
        /// The number of new connections for requests.
        public var forRequests: Int
        /// The number of new connections that receive notifications of changes.
        public var forChanges: Int

        /// Creates the counts.
        public init(forRequests: Int, forChanges: Int) {
            self.forRequests = forRequests
            self.forChanges = forChanges
        }
    }

    /// The use of a replica that answers look-ups first.
    public struct Replica: Sendable, Hashable {
        /// Counts of look-ups by their results. All but the answered ones went on to the store itself.
        public struct LookUps: Sendable, Hashable {
            /// The number of look-ups that the replica answered.
            public var answered = 0
            /// The number of look-ups that found nothing: the row may be too new for the replica.
            public var notFound = 0
            /// The number of look-ups for which the replica lacked changes, or was not known to have all changes.
            public var behind = 0
            /// The number of look-ups that the replica did not answer in time, or answered with an error.
            public var failed = 0
            /// The number of look-ups at moments when changes by others were not certainly heard.
            public var unheard = 0

            /// Creates counts of zero.
            public init() {}
        }

        /// Indicates that look-ups go to the replica at present.
        public var isUsed: Bool
        /// The results of the look-ups.
        public var lookUps: LookUps
        /// The number of bytes of the store's log that the replica lacked at the last look; `nil` before the first look.
        public var bytesBehind: Int?

        /// Creates the counts.
        public init(isUsed: Bool, lookUps: LookUps, bytesBehind: Int?) {
            self.isUsed = isUsed
            self.lookUps = lookUps
            self.bytesBehind = bytesBehind
        }
    }

    /// The connections for requests.
    public var connections: Connections?
    /// The reads; `nil` where reads run on the calling thread.
    public var reads: Requests?
    /// The changes.
    public var changes: Requests?
    /// The number of requests that were refused because too many were waiting.
    public var refusals: Int?
    /// The connections that replaced lost ones.
    public var reconnections: Reconnections?
    /// The delay of the last notification that this process sent to itself.
    public var notificationLag: Duration?
    /// The time by which the clock of the store is ahead of this machine's; negative when it is behind. The error is at most
    /// half of the round-trip time.
    public var clockLead: Duration?
    /// The use of the replica; `nil` where there is none.
    public var replica: Replica?

    /// Creates a value without counts.
    public init() {}
}
