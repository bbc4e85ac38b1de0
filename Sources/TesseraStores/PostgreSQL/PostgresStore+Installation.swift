public import TesseraCore
public import TesseraTime

extension PostgresStore: InstallationStore {
    private static let secretByName = SQLText(
        "SELECT value FROM installation_secret WHERE name = $1")
    // Of two nodes that draw a secret at once, the second waits for the first, and its next statement sees the stored one.
    private static let insertSecret = SQLText(
        "INSERT INTO installation_secret (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")

    /// Reads the secret, and writes only when there is none.
    public func installationSecret(
        _ name: String, otherwise drawn: [UInt8]
    ) async throws(StoreError) -> [UInt8] {
        // The secret is nearly always there, and nothing has to be written.
        let known = try await database.first(Self.secretByName, [.text(name)]) { row in try row.bytes(0) }
        if let known { return known }
        let steps = [
            PostgresStep(Self.insertSecret, [.text(name), .bytes(drawn)]),
            PostgresStep(Self.secretByName, [.text(name)]),
        ]
        return try await database.change(steps, locking: .several) { answers in
            guard let secret = try answers.first(1, { row in try row.bytes(0) }) else {
                throw StoreError(.corrupt, "A secret of the installation is missing.")
            }
            return secret
        }
    }

    private static let allPrefixes = SQLText(
        "SELECT prefix FROM token_prefix ORDER BY chosen_at DESC NULLS LAST, prefix")
    // The instant is later than that of every earlier choice, even if clocks differ.
    private static let putPrefix = SQLText(
        """
        WITH stored AS (
            INSERT INTO token_prefix (prefix, chosen_at)
            SELECT $1, CASE WHEN $2::timestamptz IS NOT NULL THEN
                greatest($2, (SELECT max(chosen_at) + interval '1 millisecond' FROM token_prefix)) END
            ON CONFLICT (prefix) DO UPDATE SET chosen_at = excluded.chosen_at
            WHERE excluded.chosen_at IS NOT NULL RETURNING prefix)
        SELECT \(PostgresSignal.catalogue) FROM stored
        """)

    /// Reads the prefixes, the last choice first.
    public func tokenPrefixes() async throws(StoreError) -> [TokenPrefix] {
        try await database.query(Self.allPrefixes) { row in
            guard let prefix = TokenPrefix(try row.text(0)) else { throw row.unexpected(0) }
            return prefix
        }
    }

    /// Stores the prefix with an instant after every earlier choice.
    public func noteTokenPrefix(_ prefix: TokenPrefix, chosenAt: NumericDate?) async throws(StoreError) {
        let step = PostgresStep(Self.putPrefix, [.text(prefix.text), .instant(chosenAt)])
        try await database.change([step], locking: .several) { _ in }
    }
}
