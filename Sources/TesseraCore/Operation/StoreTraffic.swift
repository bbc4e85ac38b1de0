/// The traffic between this process and its store: the requests that wait or are under way, and the counts since the store was
/// opened. A property is `nil` where a store does not know the number or has no such thing.
public struct StoreTraffic: Sendable, Hashable {
    /// Requests of one kind.
    public struct Requests: Sendable, Hashable {
        /// Those that could not be handed over yet.
        public var waiting: Int
        /// The number of groups that were handed over and not yet answered; `nil` where there is never more than one.
        public var groupsUnderWay: Int?
        /// The number of changes or reads that were handed over.
        public var handedOver: Int
        /// In how many groups, each of them one transaction.
        public var groups: Int

        public init(waiting: Int, groupsUnderWay: Int? = nil, handedOver: Int, groups: Int) {
            self.waiting = waiting
            self.groupsUnderWay = groupsUnderWay
            self.handedOver = handedOver
            self.groups = groups
        }
    }

    /// Connections for requests.
    public struct Connections: Sendable, Hashable {
        /// The number of open connections.
        public var open: Int
        /// The largest number of connections.
        public var limit: Int

        public init(open: Int, limit: Int) {
            self.open = open
            self.limit = limit
        }
    }

    /// Connections that were made in the place of lost ones.
    public struct Reconnections: Sendable, Hashable {
        /// The number of reconnections for reads and changes.
        public var forRequests: Int
        /// Those over which changes by others are heard.
        public var forChanges: Int

        public init(forRequests: Int, forChanges: Int) {
            self.forRequests = forRequests
            self.forChanges = forChanges
        }
    }

    /// The use of a replica, in which tokens are looked up first.
    public struct Replica: Sendable, Hashable {
        /// The numbers of look-ups by their result; all but the first kind went on to the store itself.
        public struct LookUps: Sendable, Hashable {
            /// The number of look-ups that the replica answered.
            public var answered = 0
            /// The token was not found, and may be too new.
            public var notFound = 0
            /// The copy did not have, or was not known to have, everything that was changed.
            public var behind = 0
            /// It did not answer in time, or with an error.
            public var failed = 0
            /// Changes made by others were not certainly heard.
            public var unheard = 0

            public init() {}
        }

        /// Indicates that the replica is asked at present.
        public var isUsed: Bool
        /// The look-ups by their result.
        public var lookUps: LookUps
        /// The number of bytes of the store's log that the replica lacked at the last look; `nil` before the first.
        public var bytesBehind: Int?

        public init(isUsed: Bool, lookUps: LookUps, bytesBehind: Int?) {
            self.isUsed = isUsed
            self.lookUps = lookUps
            self.bytesBehind = bytesBehind
        }
    }

    /// The connections to the store.
    public var connections: Connections?
    /// `nil` where reads answer on the thread that asks.
    public var reads: Requests?
    /// The changes.
    public var changes: Requests?
    /// The number of requests that were refused because too many were waiting.
    public var refusals: Int?
    /// The connections that were lost and made again.
    public var reconnections: Reconnections?
    /// The time that this process's last notification to itself took, over the channel on which other nodes tell their changes.
    public var notificationLag: Duration?
    /// The lead of the store's clock over this machine's; negative when it is behind. Exact to half of the round-trip time.
    public var clockLead: Duration?
    /// `nil` where there is none.
    public var replica: Replica?

    public init() {}
}
