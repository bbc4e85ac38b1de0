public import TesseraCore

extension PostgresStore: InstallationStore {
    private static let secretByName = SQLText(
        "SELECT value FROM installation_secret WHERE name = $1")
    // Of two nodes that draw one at once, the second waits for the first; the statement behind then sees what that kept.
    private static let insertSecret = SQLText(
        "INSERT INTO installation_secret (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")

    public func installationSecret(
        _ name: String, otherwise drawn: [UInt8]
    ) async throws(StoreError) -> [UInt8] {
        // Nearly always it is there, and nothing has to be written.
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
}
