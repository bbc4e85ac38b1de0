import TesseraCore

extension PostgresStore {
    /// How many tokens one transaction holds: so few that it is done long before it would be given up.
    private static let batch = 2_000

    private static let insertQuietly = PostgresStatement(insertToken(from: "account WHERE id = $3"))

    /// Stores many tokens, without events; those whose digest is taken are passed over.
    ///
    /// For filling a database that is to be measured.
    func insertTokensInBulk(_ tokens: [(AccessToken, TokenDigest)]) async throws(StoreError) {
        for start in stride(from: 0, to: tokens.count, by: Self.batch) {
            let batch = tokens[start..<min(start + Self.batch, tokens.count)]
            let steps = batch.map { PostgresStep(Self.insertQuietly, Self.values($0, $1)) }
            try await database.change(steps, locking: .several) { _ in }
        }
    }
}
