/// The numbers of rows in a store, and the sizes of its files.
public struct StoreCensus: Sendable, Hashable {
    /// A table whose rows are counted.
    public enum Table: String, Sendable, CaseIterable {
        case users, sessions, tokens, refusals, requests
        case auditEvents = "audit-events"
        case claims
    }

    /// The rows of one table.
    public struct Rows: Sendable, Hashable {
        /// The table that was counted.
        public let table: Table
        /// Those that can still be used; users who are not disabled.
        public let live: Int
        /// Those that wait to be deleted, or are kept to be explained; users who are disabled.
        public let dead: Int
        /// Indicates that the rows were counted one by one. For very many rows that costs too much: tokens are then estimated from a
        /// sample, and the number of other rows is a lower bound or the server's own estimate.
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
    /// The size of the write-ahead log in bytes; `nil` where there is none.
    public let logSize: Int?

    public init(rows: [Rows], size: Int? = nil, logSize: Int? = nil) {
        self.rows = rows
        self.size = size
        self.logSize = logSize
    }
}
