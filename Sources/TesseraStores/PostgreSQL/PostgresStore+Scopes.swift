public import TesseraCore

extension PostgresStore: ScopeStore {
    // Names are compared by bytes, which is the order of `ScopeToken` as well.
    private static let allScopes = SQLText(
        "SELECT \(ScopeDefinition.columns.names) FROM scope ORDER BY name")
    private static let putScope = SQLText(
        """
        WITH stored AS (
            INSERT INTO scope (\(ScopeDefinition.columns.names)) VALUES ($1, $2, $3)
            ON CONFLICT (name) DO UPDATE
            SET description = excluded.description, is_for_operators = excluded.is_for_operators
            RETURNING name),
        event AS (\(insertEvent(4, if: "stored")))
        SELECT \(PostgresSignal.catalogue) FROM stored
        """)
    private static let deleteScope = SQLText(
        """
        WITH removed AS (DELETE FROM scope WHERE name = $1 RETURNING name),
        event AS (\(insertEvent(2, if: "removed")))
        SELECT \(PostgresSignal.catalogue) FROM removed
        """)

    /// Reads the catalogue in the order of bytes, which is the order of ``ScopeToken``.
    public func scopes() async throws(StoreError) -> [ScopeDefinition] {
        try await database.query(Self.allScopes) { row in try ScopeDefinition(row) }
    }

    /// Inserts the permission, or replaces the one with its name.
    public func put(_ scope: ScopeDefinition, audit: AuditEvent) async throws(StoreError) {
        _ = try await observers.telling(.scopes) { () async throws(StoreError) in
            try await change(Self.putScope, scope.values(), audit, locking: .several)
        }
    }

    /// Deletes the permission with this name.
    public func removeScope(_ name: ScopeToken, audit: AuditEvent) async throws(StoreError) -> Bool {
        try await observers.telling(.scopes) { () async throws(StoreError) in
            try await change(Self.deleteScope, [.text(name.text)], audit, locking: .several)
        }
    }
}
