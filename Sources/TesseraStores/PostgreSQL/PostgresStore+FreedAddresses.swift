public import TesseraCore
public import TesseraTime

/// Addresses that accounts have given up, and that are kept for them a while.
extension PostgresStore {
    // Waits for a change of the account that has the address. What it frees is seen by the statements behind this one.
    private static let lockHolder = SQLText("SELECT FROM account WHERE email = $1 FOR KEY SHARE")
    private static let pruneFreed = SQLText(
        """
        WITH old AS MATERIALIZED (
            SELECT address FROM freed_address WHERE freed_at < $1
            ORDER BY freed_at LIMIT $2 FOR UPDATE SKIP LOCKED)
        DELETE FROM freed_address WHERE address IN (SELECT address FROM old)
        """)

    public func pruneFreedAddresses(before: NumericDate, limit: Int) async throws(StoreError) -> Int {
        try await prune(Self.pruneFreed, [.instant(before), .integer(limit)])
    }

    /// Keeps the account that has an address from giving it up until the end of the change.
    static func lockHolder(of address: EmailAddress) -> PostgresStep {
        PostgresStep(lockHolder, [.text(address.key)])
    }

    /// SQL that says whether an address is kept for another account than this one. All are parameters.
    static func isKept(_ address: String, from account: String, since: String) -> String {
        """
        EXISTS (SELECT FROM freed_address
            WHERE address = \(address) AND account_id <> \(account) AND freed_at > \(since)::timestamptz)
        """
    }

    /// SQL that says whether so many addresses are kept for an account, beside the one that it wants, that it cannot give up
    /// another.
    static func keepsTooMany(for account: String, beside wanted: String, since: String) -> String {
        """
        (SELECT count(*) >= \(FreedAddress.mostPerAccount) FROM freed_address
            WHERE account_id = \(account) AND address <> \(wanted) AND freed_at > \(since)::timestamptz)
        """
    }

    /// SQL that keeps the address in `old` for the account in `changed`, if that has another one now.
    static func keepOldAddress(insteadOf new: String, at now: String) -> String {
        """
        INSERT INTO freed_address (address, account_id, freed_at)
        SELECT old.email, changed.id, \(now)::timestamptz FROM old, changed WHERE old.email <> \(new)
        ON CONFLICT (address) DO UPDATE SET account_id = excluded.account_id, freed_at = excluded.freed_at
        """
    }
}
