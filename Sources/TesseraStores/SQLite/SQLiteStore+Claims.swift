public import TesseraCore
public import TesseraTime

extension SQLiteStore: ClaimStore {
    // An expired claim does not count.
    private static let insertClaim = SQLText(
        """
        INSERT INTO claim (\(Claim.columns.sqliteNames)) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (key) DO UPDATE SET holder = ?2, fingerprint = ?3, claimed_at = ?4, expires_at = ?5,
            status = NULL, location = NULL, media_type = NULL, body = NULL
        WHERE claim.expires_at <= ?6
        """)
    private static let claimByKey = SQLText(
        "SELECT \(Claim.storedColumns.sqliteNames) FROM claim WHERE key = ?")
    private static let completeClaim = SQLText(
        """
        UPDATE claim SET status = ?3, location = ?4, media_type = ?5, body = ?6
        WHERE key = ?1 AND holder = ?2 AND status IS NULL
        """)
    private static let deleteClaim = SQLText(
        "DELETE FROM claim WHERE key = ? AND holder = ? AND status IS NULL")
    private static let pruneExpired = SQLText(
        """
        DELETE FROM claim WHERE key IN (
            SELECT key FROM claim WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)
        """)

    /// Takes a free key and reads the claim that then holds it, in one transaction.
    public func claim(_ claim: Claim, at now: NumericDate) async throws(StoreError) -> ClaimOutcome {
        try await database.writing { connection in
            try connection.execute(Self.insertClaim, claim.values() + [.instant(now)])
            let outcome = try connection.first(Self.claimByKey, [.digest(claim.key)]) { row in
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
        _ = try await database.writing { connection in
            try connection.execute(
                Self.completeClaim, [.digest(key), .identifier(holder)] + answer.values())
        }
    }

    /// Deletes the claim of this holder.
    public func release(_ key: Claim.Key, by holder: Claim.Holder) async throws(StoreError) {
        _ = try await database.writing { connection in
            try connection.execute(Self.deleteClaim, [.digest(key), .identifier(holder)])
        }
    }

    /// Deletes the claims that expired first.
    public func pruneClaims(expiredAt now: NumericDate, limit: Int) async throws(StoreError) -> Int {
        try await database.noting { connection in
            try connection.execute(Self.pruneExpired, [.instant(now), .integer(limit)])
        }
    }
}
