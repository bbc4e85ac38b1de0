import TesseraCore
import TesseraCrypto
import TesseraTime

/// The table of sessions.
extension Session {
    /// The columns that a session is read from.
    static let columns = [
        Column("id", .identifier), .account, Column("started_at", .instant),
        Column("authenticated_at", .instant), Column("last_seen_at", .instant),
        Column("expires_at", .instant), Column("user_agent", .text), Column("address", .text),
    ]
    /// All columns of a session.
    static let storedColumns = [.digest] + columns

    /// The values of ``storedColumns``.
    ///
    /// - Parameter user: The user whose sign-in is proved.
    func values<Value: BoundValue>(_ digest: SHA256Digest, of user: User.ID) -> [Value] {
        [
            .digest(digest), .identifier(id), .identifier(user), .instant(startedAt),
            .instant(authenticatedAt), .instant(lastSeenAt), .instant(expiresAt), .text(userAgent),
            .text(address),
        ]
    }

    /// Reads a session.
    ///
    /// - Parameter user: The account in the second column.
    init(_ row: borrowing some ResultRow & ~Copyable, of user: User.ID) throws(StoreError) {
        self.init(
            id: try row.identifier(0), user: user, startedAt: try row.instant(2),
            authenticatedAt: try row.instant(3), lastSeenAt: try row.instant(4),
            expiresAt: try row.instant(5), userAgent: try row.text(6), address: try row.text(7))
    }
}
