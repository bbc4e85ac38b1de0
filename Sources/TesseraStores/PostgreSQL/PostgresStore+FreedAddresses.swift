public import TesseraCore
public import TesseraTime

/// The addresses that accounts have given up, which stay reserved for them for a while.
extension PostgresStore {
    // Waits for a change of the account that has the address, so that the next statements see an address that it frees.
    private static let lockHolder = SQLText("SELECT FROM account WHERE email = $1 FOR KEY SHARE")
    private static let pruneFreed = SQLText(
        """
        WITH old AS MATERIALIZED (
            SELECT address FROM freed_address WHERE freed_at < $1
            ORDER BY freed_at LIMIT $2 FOR UPDATE SKIP LOCKED)
        DELETE FROM freed_address WHERE address IN (SELECT address FROM old)
        """)

    /// Deletes the addresses that were given up first.
    public func pruneFreedAddresses(before: NumericDate, limit: Int) async throws(StoreError) -> Int {
        try await prune(Self.pruneFreed, [.instant(before), .integer(limit)])
    }

    /// Locks the account that has an address, so that it keeps the address until the end of the change.
    static func lockHolder(of address: EmailAddress) -> PostgresStep {
        PostgresStep(lockHolder, [.text(address.key)])
    }

    /// SQL that is true when an address is reserved for another account. All arguments are parameters.
    static func isKept(_ address: String, from account: String, since: String) -> String {
        """
        EXISTS (SELECT FROM freed_address
            WHERE address = \(address) AND account_id <> \(account) AND freed_at > \(since)::timestamptz)
        """
    }

    /// SQL that is true when an account has too many reserved addresses, besides the one that it wants, to give up another.
    static func keepsTooMany(for account: String, beside wanted: String, since: String) -> String {
        """
        (SELECT count(*) >= \(FreedAddress.mostPerAccount) FROM freed_address
            WHERE account_id = \(account) AND address <> \(wanted) AND freed_at > \(since)::timestamptz)
        """
    }

    /// SQL that reserves the address in `old` for the account in `changed`, if the account now has another.
    static func keepOldAddress(insteadOf new: String, at now: String) -> String {
        """
        INSERT INTO freed_address (address, account_id, freed_at)
        SELECT old.email, changed.id, \(now)::timestamptz FROM old, changed WHERE old.email <> \(new)
        ON CONFLICT (address) DO UPDATE SET account_id = excluded.account_id, freed_at = excluded.freed_at
        """
    }
}
