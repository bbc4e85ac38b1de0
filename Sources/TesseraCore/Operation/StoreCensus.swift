/// How much a store holds.
public struct StoreCensus: Sendable, Hashable {
    /// What is counted.
    public enum Table: String, Sendable, CaseIterable {
        case users, sessions, tokens, refusals, requests
        case auditEvents = "audit-events"
        case claims
    }

    /// The rows of one table.
    public struct Rows: Sendable, Hashable {
        public let table: Table
        /// Those that can still be used; users who are not disabled.
        public let live: Int
        /// Those that wait to be deleted, or are kept to be explained; users who are disabled.
        public let dead: Int
        /// Whether they were counted. A count of very many rows would cost too much: then tokens are estimated from a
        /// sample, and of other rows it is the least that there are, or about how many the server knows of.
        public let isExact: Bool

        public init(_ table: Table, live: Int, dead: Int = 0, isExact: Bool = true) {
            self.table = table
            self.live = live
            self.dead = dead
            self.isExact = isExact
        }
    }

    /// One for each table, in their order.
    public let rows: [Rows]
    /// The size of the database in bytes; `nil` where that cannot be said.
    public let size: Int?
    /// How large the file is in which changes are written ahead, in bytes; `nil` where there is none.
    public let logSize: Int?

    public init(rows: [Rows], size: Int? = nil, logSize: Int? = nil) {
        self.rows = rows
        self.size = size
        self.logSize = logSize
    }
}
