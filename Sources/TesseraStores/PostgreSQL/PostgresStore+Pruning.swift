import TesseraCore

/// Deletion of the oldest rows.
extension PostgresStore {
    /// SQL that looks at the first `$1` rows in the order of a column that rises with time, and deletes those that meet a
    /// condition. It skips rows that another node is deleting.
    static func pruning(_ table: String, by column: String, where condition: String) -> String {
        """
        WITH oldest AS MATERIALIZED (
            SELECT \(column) FROM (SELECT * FROM \(table) ORDER BY \(column) LIMIT $1) AS \(table)
            WHERE \(condition)),
        doomed AS MATERIALIZED (
            SELECT \(column) FROM \(table) WHERE \(column) IN (SELECT \(column) FROM oldest)
            FOR UPDATE SKIP LOCKED)
        DELETE FROM \(table) WHERE \(column) IN (SELECT \(column) FROM doomed)
        """
    }

    /// Runs a statement that deletes rows.
    ///
    /// - Returns: The number of deleted rows.
    func prune(_ statement: SQLText, _ values: [PostgresValue]) async throws(StoreError) -> Int {
        try await database.change([PostgresStep(statement, values)], locking: .several) { answers in
            answers.affected(0)
        }
    }
}
