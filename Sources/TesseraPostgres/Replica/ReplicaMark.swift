import TesseraDatabase

/// A random number that a node writes to the primary and later finds at a standby.
///
/// A standby that shows the mark has the history of this primary, and not the history of another database or the one with
/// which the standby went on by itself after a failover.
enum ReplicaMark {
    /// A mark: 128 random bits, without a time in them.
    struct ID: Sendable, Hashable {
        let high: UInt64
        let low: UInt64

        /// The mark as the parameter of a statement.
        var value: PostgresValue { .uuid(high: high, low: low) }
    }

    /// Draws a mark.
    static func draw() -> ID { ID(high: .random(in: .min ... .max), low: .random(in: .min ... .max)) }

    /// The time for which a node uses a mark, in nanoseconds: shorter than the day after which other nodes delete it.
    static let lifetime: Int64 = 12 * 3_600 * 1_000_000_000
}

/// The statements over the table of marks. The owner of the schema provides them.
package struct ReplicaMarkStatements: Sendable {
    let write: SQLText
    let prune: SQLText
    let question: SQLText

    /// Creates the list of statements.
    ///
    /// - Parameters:
    ///   - write: Writes the mark in its parameter.
    ///   - prune: Deletes marks that are older than a day, except those that another node is deleting.
    ///   - question: A subquery that returns the mark `$1::uuid` if it is there.
    package init(write: String, prune: String, question: String) {
        self.write = SQLText(write)
        self.prune = SQLText(prune)
        self.question = SQLText(
            """
            SELECT pg_is_in_recovery(), (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint, (\(question))
            """)
    }
}
