import TesseraDatabase

/// The progress of a server in applying the log, as the server reports it.
///
/// A separate statement before each read asks for it. Each statement sees all log records that were applied before it began,
/// and an applied record is never undone, so the read sees at least the reported position. Within one statement, this would
/// not hold: the snapshot of the statement is taken before it reads the position.
struct ReplicaStanding: Sendable, Hashable {
    /// Indicates that the server applies the log of another server; `false` for a primary, including a standby that was just
    /// promoted.
    let isInRecovery: Bool
    /// The position up to which the server has applied the log, as ``ReplicaDemand`` counts; `nil` when it never applied any.
    let position: Int64?
    /// The requested mark; `nil` when the server does not have it.
    let mark: ReplicaMark.ID?

}

extension ReplicaStanding {
    /// Reads the answer to ``ReplicaMarkStatements/question``.
    ///
    /// - Throws: ``StoreError`` for another answer.
    init(_ answer: PostgresResult) throws(StoreError) {
        guard answer.rowCount == 1 else {
            throw StoreError(.corrupt, "The standby does not say how far it is.")
        }
        let row = PostgresRow(answer, 0)
        isInRecovery = try row.boolean(0)
        position = try row.integerOrNil(1)
        mark = try row.uuidOrNil(2).map { ReplicaMark.ID(high: $0.high, low: $0.low) }
    }
}
