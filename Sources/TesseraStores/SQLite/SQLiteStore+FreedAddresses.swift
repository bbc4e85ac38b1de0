public import TesseraCore
public import TesseraTime

/// The addresses that accounts have given up, which stay reserved for them for a while.
extension SQLiteStore {
    private static let isKept = SQLText(
        "SELECT 1 FROM freed_address WHERE address = ? AND user_id <> ? AND freed_at > ?")
    private static let keptFor = SQLText(
        "SELECT count(*) FROM freed_address WHERE user_id = ? AND address <> ? AND freed_at > ?")
    private static let keep = SQLText(
        "INSERT OR REPLACE INTO freed_address (address, user_id, freed_at) VALUES (?, ?, ?)")
    private static let forget = SQLText("DELETE FROM freed_address WHERE address = ?")
    private static let pruneFreed = SQLText(
        """
        DELETE FROM freed_address
        WHERE address IN (SELECT address FROM freed_address WHERE freed_at < ? ORDER BY freed_at LIMIT ?)
        """)

    /// Deletes the addresses that were given up first.
    public func pruneFreedAddresses(before: NumericDate, limit: Int) async throws(StoreError) -> Int {
        try await database.writing { connection in
            try connection.execute(Self.pruneFreed, [.instant(before), .integer(limit)])
        }
    }

    /// Reports whether an address is reserved for another account.
    static func isKept(
        _ address: EmailAddress, from user: User.ID, at now: NumericDate, _ connection: SQLiteConnection
    ) throws -> Bool {
        let values: [SQLiteValue] = [
            .text(address.key), .identifier(user), .instant(now - FreedAddress.wait),
        ]
        return try connection.first(isKept, values) { _ in true } ?? false
    }

    /// Reports whether an account has too many reserved addresses, besides the one that it wants, to give up another.
    static func keepsTooMany(
        for user: User.ID, beside wanted: EmailAddress, at now: NumericDate, _ connection: SQLiteConnection
    ) throws -> Bool {
        let values: [SQLiteValue] = [
            .identifier(user), .text(wanted.key), .instant(now - FreedAddress.wait),
        ]
        let count = try connection.first(keptFor, values) { row in try row.integer(0) } ?? 0
        return count >= Int64(FreedAddress.mostPerAccount)
    }

    /// Reserves the address that an account gives up for `new`, and ends the reservation of `new`.
    static func keep(
        _ old: EmailAddress, for user: User.ID, insteadOf new: EmailAddress, at now: NumericDate,
        _ connection: SQLiteConnection
    ) throws {
        try connection.execute(forget, [.text(new.key)])
        try connection.execute(keep, [.text(old.key), .identifier(user), .instant(now)])
    }
}
