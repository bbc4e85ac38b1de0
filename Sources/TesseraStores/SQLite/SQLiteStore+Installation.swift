public import TesseraCore

extension SQLiteStore: InstallationStore {
    private static let secretByName = SQLText("SELECT value FROM installation_secret WHERE name = ?")
    private static let insertSecret = SQLText(
        "INSERT INTO installation_secret (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING")

    public func installationSecret(
        _ name: String, otherwise drawn: [UInt8]
    ) async throws(StoreError) -> [UInt8] {
        // Nearly always it is there, and nothing has to be written.
        if let secret = try database.reading({ connection in try Self.secret(name, connection) }) {
            return secret
        }
        return try await database.writing { connection in
            try connection.execute(Self.insertSecret, [.text(name), .blob(drawn)])
            return try Self.secret(name, connection) ?? drawn
        }
    }

    private static func secret(_ name: String, _ connection: SQLiteConnection) throws -> [UInt8]? {
        try connection.first(secretByName, [.text(name)]) { row in try row.blob(0) }
    }
}
