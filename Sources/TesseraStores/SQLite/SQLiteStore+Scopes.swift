public import TesseraCore

extension SQLiteStore: ScopeStore {
    // Names are compared by bytes, which is the order of `ScopeToken` as well.
    private static let allScopes = SQLText(
        "SELECT name, description, is_for_operators FROM scope ORDER BY name")
    private static let putScope = SQLText(
        """
        INSERT INTO scope (name, description, is_for_operators) VALUES (?, ?, ?)
        ON CONFLICT (name) DO UPDATE
        SET description = excluded.description, is_for_operators = excluded.is_for_operators
        """)
    private static let deleteScope = SQLText("DELETE FROM scope WHERE name = ?")

    public func scopes() async throws(StoreError) -> [ScopeDefinition] {
        try database.reading { connection in
            try connection.query(Self.allScopes) { row in
                guard let name = ScopeToken(try row.text(0)) else { throw row.unexpected(0) }
                return ScopeDefinition(name, try row.text(1), isForOperators: try row.boolean(2))
            }
        }
    }

    public func put(_ scope: ScopeDefinition, audit: AuditEvent) async throws(StoreError) {
        let values: [SQLiteValue] = [
            .text(scope.name.text), .text(scope.description), .boolean(scope.isForOperators),
        ]
        _ = try await change(Self.putScope, values, by: .system, audit, telling: .scopes)
    }

    public func removeScope(_ name: ScopeToken, audit: AuditEvent) async throws(StoreError) -> Bool {
        try await change(Self.deleteScope, [.text(name.text)], by: .system, audit, telling: .scopes)
    }
}
