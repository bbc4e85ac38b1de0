public import TesseraCore
public import TesseraTime

extension SQLiteStore: InstallationStore {
    private static let secretByName = SQLText("SELECT value FROM installation_secret WHERE name = ?")
    private static let insertSecret = SQLText(
        "INSERT INTO installation_secret (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING")

    /// Reads the secret, and writes only when there is none.
    public func installationSecret(
        _ name: String, otherwise drawn: [UInt8]
    ) async throws(StoreError) -> [UInt8] {
        // The secret is nearly always there, and nothing has to be written.
        if let secret = try database.reading({ connection in try Self.secret(name, connection) }) {
            return secret
        }
        return try await database.writing { connection in
            try connection.execute(Self.insertSecret, [.text(name), .blob(drawn)])
            return try Self.secret(name, connection) ?? drawn
        }
    }

    private static let allPrefixes = SQLText(
        "SELECT prefix FROM token_prefix ORDER BY chosen_at DESC, prefix")
    // The instant is later than that of every earlier choice, even if clocks differ.
    private static let putPrefix = SQLText(
        """
        INSERT INTO token_prefix (prefix, chosen_at) VALUES (?1, CASE WHEN ?2 IS NOT NULL THEN
            max(?2, coalesce((SELECT max(chosen_at) + 1 FROM token_prefix), ?2)) END)
        ON CONFLICT (prefix) DO UPDATE SET chosen_at = excluded.chosen_at WHERE excluded.chosen_at IS NOT NULL
        """)

    /// Reads the prefixes, the last choice first.
    public func tokenPrefixes() async throws(StoreError) -> [TokenPrefix] {
        try database.reading { connection in
            try connection.query(Self.allPrefixes) { row in
                guard let prefix = TokenPrefix(try row.text(0)) else { throw row.unexpected(0) }
                return prefix
            }
        }
    }

    /// Stores the prefix with an instant after every earlier choice.
    public func noteTokenPrefix(_ prefix: TokenPrefix, chosenAt: NumericDate?) async throws(StoreError) {
        _ = try await database.writing { connection in
            try connection.execute(Self.putPrefix, [.text(prefix.text), .instant(chosenAt)])
        }
    }

    private static func secret(_ name: String, _ connection: SQLiteConnection) throws -> [UInt8]? {
        try connection.first(secretByName, [.text(name)]) { row in try row.blob(0) }
    }
}
