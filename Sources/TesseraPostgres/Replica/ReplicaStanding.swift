import TesseraDatabase

/// How far a server has come, by its own words.
///
/// Asked for in front of what is read there, in a statement of its own: each statement sees what was applied until it
/// began, and nothing that was applied is ever taken back, so that whatever follows sees at least what this tells. In one
/// statement it would be the other way round: what that sees is settled before the position is asked for.
struct ReplicaStanding: Sendable, Hashable {
    /// Whether it applies the log of another; `false` for a primary, also one that was a standby a moment ago.
    let isInRecovery: Bool
    /// Up to where it has applied the log, as ``ReplicaDemand`` counts; `nil` when it never applied any.
    let position: Int64?
    /// The mark that was asked for; `nil` when it is not there.
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
