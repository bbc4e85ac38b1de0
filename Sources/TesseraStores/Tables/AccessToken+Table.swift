import TesseraCore
import TesseraCrypto
import TesseraTime

/// The table of access tokens.
extension AccessToken {
    /// The columns that a token is read from.
    static let columns = [
        Column("id", .identifier), .account, Column("kind", .text), Column("name", .text),
        Column("scopes", .scope), Column("last_four", .text), Column("created_at", .instant),
        Column("expires_at", .instant), Column("revoked_at", .instant), Column("suspended_at", .instant),
        Column("last_used_at", .instant), Column("last_used_from", .address),
        Column("replaces", .identifier), Column("replaced_by", .identifier), Column("metadata", .metadata),
        Column("client_id", .identifier), Column("grant_id", .identifier),
    ]
    /// All columns of a token that both databases have.
    static let storedColumns = [.digest] + columns

    /// The values of ``storedColumns``.
    ///
    /// - Parameters:
    ///   - owner: The account, as the database refers to it.
    ///   - key: The value of one more column, which only one database has.
    func values<Value: BoundValue>(_ digest: TokenDigest, owner: Value, key: Value? = nil) -> [Value] {
        // In one piece, because an array that grows is allocated twice.
        var values: [Value] = [
            .digest(digest), .identifier(id), owner, .text(kind.rawValue), .text(name.text), .scope(scope),
            .text(lastFour), .instant(createdAt), .instant(expiresAt), .instant(revokedAt),
            .instant(suspendedAt), .instant(lastUsedAt), .address(lastUsedFrom), .identifier(replaces),
            .identifier(replacedBy), .metadata(metadata), .identifier(client), .identifier(grant),
            key ?? .null,
        ]
        if key == nil { values.removeLast() }
        return values
    }

    /// Reads the token in the columns from `first` on.
    ///
    /// - Parameters:
    ///   - owner: The account in the column ``ownerColumn``; `nil` for a token of a client itself.
    ///   - scope: The scope in the column ``scopeColumn``.
    init(
        _ row: borrowing some ResultRow & ~Copyable, from first: Int = 0, owner: User.ID?, scope: Scope
    ) throws(StoreError) {
        guard let name = TokenName(stored: try row.text(first + 3)) else { throw row.unexpected(first + 3) }
        let client: Client.ID? = try row.identifierOrNil(first + Self.clientColumn)
        guard let subject = owner.map(Subject.user) ?? client.map(Subject.client) else {
            throw row.unexpected(first + Self.ownerColumn)
        }
        self.init(
            id: try row.identifier(first), subject: subject, client: client,
            grant: try row.identifierOrNil(first + 16), kind: try row.word(first + 2), name: name,
            scope: scope, lastFour: try row.text(first + 5), createdAt: try row.instant(first + 6),
            expiresAt: try row.instantOrNil(first + 7), revokedAt: try row.instantOrNil(first + 8),
            suspendedAt: try row.instantOrNil(first + 9), lastUsedAt: try row.instantOrNil(first + 10),
            lastUsedFrom: try row.addressOrNil(first + 11), replaces: try row.identifierOrNil(first + 12),
            replacedBy: try row.identifierOrNil(first + 13), metadata: try row.metadata(first + 14))
    }

    /// The place of the account among ``columns``, which each database reads in its own way.
    static let ownerColumn = 1
    /// The place of the client among ``columns``.
    static let clientColumn = 15
    /// The place of the scope among ``columns``, which each database reads in its own way.
    static let scopeColumn = 4
}
