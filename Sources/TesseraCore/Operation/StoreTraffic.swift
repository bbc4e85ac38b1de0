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

    public init() {}
}
