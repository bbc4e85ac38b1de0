import TesseraCore

/// What a node writes to the primary in order to find it again at a standby. One that shows it has the history of this
/// primary, and not that of another database, or one with which it went on by itself after a failover.
enum ReplicaMark {
    /// Drawn, without a time in it.
    typealias ID = Identifier<ReplicaMark>

    static func draw() -> ID { ID(high: .random(in: .min ... .max), low: .random(in: .min ... .max)) }

    /// SQL that writes the one in its parameter. Nobody waits for it.
    static let write = SQLText("INSERT INTO replica_mark (mark) VALUES ($1)")
    // A node that still uses one of these draws another when it misses it; what another node deletes is passed over.
    static let prune = SQLText(
        """
        DELETE FROM replica_mark WHERE mark IN (
            SELECT mark FROM replica_mark WHERE written_at < now() - interval '1 day' FOR UPDATE SKIP LOCKED)
        """)
    /// How long one is used, in nanoseconds: not so long that another node deletes it.
    static let lifetime: Int64 = 12 * 3_600 * 1_000_000_000
}
