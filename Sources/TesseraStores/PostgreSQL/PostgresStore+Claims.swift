public import TesseraCore
public import TesseraCrypto
public import TesseraTime

extension PostgresStore: ClaimStore {
    // An expired claim does not count. Of two nodes that claim a key at once, the second waits for the first, and its next
    // statement sees the claim of the first.
    private static let insertClaim = SQLText(
        """
        INSERT INTO claim AS c (\(Claim.columns.names))
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (key) DO UPDATE
        SET holder = excluded.holder, fingerprint = excluded.fingerprint, claimed_at = excluded.claimed_at,
            expires_at = excluded.expires_at, status = NULL, location = NULL, media_type = NULL, body = NULL
        WHERE c.expires_at <= $6
        """)
    private static let claimByKey = SQLText(
        "SELECT \(Claim.storedColumns.names) FROM claim WHERE key = $1")
    private static let completeClaim = SQLText(
        """
        UPDATE claim SET status = $3, location = $4, media_type = $5, body = $6
        WHERE key = $1 AND holder = $2 AND status IS NULL
        """)
    private static let deleteClaim = SQLText(
        "DELETE FROM claim WHERE key = $1 AND holder = $2 AND status IS NULL")
    // Rows that another node is deleting are skipped.
    private static let pruneExpired = SQLText(
        """
        WITH doomed AS MATERIALIZED (
            SELECT key FROM claim WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2
            FOR UPDATE SKIP LOCKED)
        DELETE FROM claim WHERE key IN (SELECT key FROM doomed)
        """)

    /// Takes a free key and reads the claim that then holds it, in one transaction.
    public func claim(_ claim: Claim, at now: NumericDate) async throws(StoreError) -> ClaimOutcome {
        let steps = [
            PostgresStep(Self.insertClaim, claim.values() + [.instant(now)]),
            PostgresStep(Self.claimByKey, [.digest(claim.key)]),
        ]
        return try await database.change(steps, locking: .row(claim.key)) { answers in
            let outcome = try answers.first(1) { row in
                ClaimOutcome(of: claim, after: try Claim(row), try ClaimedAnswer(row))
            }
            guard let outcome else { throw StoreError(.corrupt, "A claim is missing that was just made.") }
            return outcome
        }
    }

    /// Stores the answer in the claim of this holder.
    public func complete(
        _ key: Claim.Key, by holder: Claim.Holder, with answer: ClaimedAnswer
    ) async throws(StoreError) {
        let values: [PostgresValue] = [.digest(key), .identifier(holder)] + answer.values()
        try await database.change([PostgresStep(Self.completeClaim, values)], locking: .row(key)) { _ in }
    }

    /// Deletes the claim of this holder.
    public func release(_ key: Claim.Key, by holder: Claim.Holder) async throws(StoreError) {
        let step = PostgresStep(Self.deleteClaim, [.digest(key), .identifier(holder)])
        try await database.change([step], locking: .row(key)) { _ in }
    }

    /// Deletes the claims that expired first.
    public func pruneClaims(expiredAt now: NumericDate, limit: Int) async throws(StoreError) -> Int {
        try await prune(Self.pruneExpired, [.instant(now), .integer(limit)])
    }
}

extension PostgresLock {
    /// The row of a claim, by sixteen bytes of its key. Two keys that share them are sent in no particular order.
    fileprivate static func row(_ key: Claim.Key) -> PostgresLock {
        key.withUnsafeBytes { bytes in
            .one(
                high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }
}
