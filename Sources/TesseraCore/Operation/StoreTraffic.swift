/// What goes to and fro between this process and its store: what waits, what is under way, and what was counted since the
/// store was opened. What a store does not know, or has no notion of, is `nil`.
public struct StoreTraffic: Sendable, Hashable {
    /// Requests of one kind.
    public struct Requests: Sendable, Hashable {
        /// Those that could not be handed over yet.
        public var waiting: Int
        /// How many groups were handed over and are not answered; `nil` where only one can be at a time.
        public var groupsUnderWay: Int?
        /// How many were handed over.
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
        public var open: Int
        /// How many there may be.
        public var limit: Int

        public init(open: Int, limit: Int) {
            self.open = open
            self.limit = limit
        }
    }

    /// Connections that were made in the place of lost ones.
    public struct Reconnections: Sendable, Hashable {
        public var forRequests: Int
        /// Those over which changes by others are heard.
        public var forChanges: Int

        public init(forRequests: Int, forChanges: Int) {
            self.forRequests = forRequests
            self.forChanges = forChanges
        }
    }

    /// How a copy of the store is used in which tokens are looked up first.
    public struct Replica: Sendable, Hashable {
        /// How look-ups have ended; all but the first were asked of the store itself.
        public struct LookUps: Sendable, Hashable {
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

        /// Whether it is asked at present.
        public var isUsed: Bool
        public var lookUps: LookUps
        /// How many bytes of the store's log it lacked when it was last looked at; `nil` before that.
        public var bytesBehind: Int?

        public init(isUsed: Bool, lookUps: LookUps, bytesBehind: Int?) {
            self.isUsed = isUsed
            self.lookUps = lookUps
            self.bytesBehind = bytesBehind
        }
    }

    public var connections: Connections?
    /// `nil` where reads answer on the thread that asks.
    public var reads: Requests?
    public var changes: Requests?
    /// How many requests were refused because too many were waiting.
    public var refusals: Int?
    public var reconnections: Reconnections?
    /// How long the last thing took that this process told itself in the way in which others tell it what they change.
    public var notificationLag: Duration?
    /// How far the clock of the store is ahead of this machine's; negative when it is behind. Exact to half of the time that
    /// the way to the store and back takes.
    public var clockLead: Duration?
    /// `nil` where there is none.
    public var replica: Replica?

    public init() {}
}
