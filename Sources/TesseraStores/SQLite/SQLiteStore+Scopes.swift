public import TesseraCore

extension SQLiteStore: ScopeStore {
    // Names are compared by bytes, which is the order of `ScopeToken` as well.
    private static let allScopes = SQLText(
        "SELECT \(ScopeDefinition.columns.sqliteNames) FROM scope ORDER BY name")
    private static let putScope = SQLText(
        """
        INSERT INTO scope (\(ScopeDefinition.columns.sqliteNames))
        VALUES (\(ScopeDefinition.columns.sqliteParameters()))
        ON CONFLICT (name) DO UPDATE
        SET description = excluded.description, is_for_operators = excluded.is_for_operators
        """)
    private static let deleteScope = SQLText("DELETE FROM scope WHERE name = ?")

    /// Reads the catalogue in the order of bytes, which is the order of ``ScopeToken``.
    public func scopes() async throws(StoreError) -> [ScopeDefinition] {
        try database.reading { connection in
            try connection.query(Self.allScopes) { row in try ScopeDefinition(row) }
        }
    }

    /// Inserts the permission, or replaces the one with its name.
    public func put(_ scope: ScopeDefinition, audit: AuditEvent) async throws(StoreError) {
        _ = try await change(Self.putScope, scope.values(), by: .system, audit, telling: .scopes)
    }

    /// Deletes the permission with this name.
    public func removeScope(_ name: ScopeToken, audit: AuditEvent) async throws(StoreError) -> Bool {
        try await change(Self.deleteScope, [.text(name.text)], by: .system, audit, telling: .scopes)
    }
}
