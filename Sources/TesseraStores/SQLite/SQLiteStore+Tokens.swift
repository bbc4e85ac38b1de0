public import TesseraCore
public import TesseraCrypto
public import TesseraTime

extension SQLiteStore: TokenStore {
    static let tokenColumns = AccessToken.columns.sqliteNames
    /// The position of the digest after ``tokenColumns``.
    private static let digestColumn = AccessToken.columns.count
    /// The columns of a row in SQLite, which finds a token by a key of eight bytes.
    private static let storedColumns = AccessToken.storedColumns.sqliteNames + ", key"

    // A digest that is taken changes nothing.
    private static let insertToken = SQLText(
        """
        INSERT INTO api_token (\(storedColumns)) VALUES (\(AccessToken.storedColumns.sqliteParameters()), ?)
        ON CONFLICT (key) DO NOTHING
        """)
    private static let userNumber = SQLText("SELECT number FROM user WHERE id = ?")
    private static let tokenByKey = SQLText(
        "SELECT \(tokenColumns), digest FROM api_token WHERE key = ?")
    // Only the columns that a check needs, from one table: each column and each table makes the look-up slower.
    private static let presentedToken = SQLText(
        """
        SELECT digest, id, kind, name, scopes, expires_at, revoked_at, suspended_at, metadata, user_number,
            client_id, grant_id
        FROM api_token WHERE key = ?
        """)
    // The count stops at the limit. Dead tokens stay for 30 days and do not count.
    private static let livingTokens = SQLText(
        """
        SELECT count(*) FROM (
            SELECT 1 FROM api_token
            WHERE user_number = (SELECT number FROM user WHERE id = ?1)
                AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?2)
            LIMIT ?3)
        """)
    private static let tokenAndDigestByID = SQLText(
        "SELECT \(tokenColumns), digest FROM api_token WHERE id = ?")
    private static let tokenByID = SQLText("SELECT \(tokenColumns) FROM api_token WHERE id = ?")
    // The largest possible identifier stands for no cursor.
    private static let tokensOfAll = SQLText(
        "SELECT \(tokenColumns) FROM api_token WHERE id < ? ORDER BY id DESC LIMIT ?")
    private static let tokensOfOwner = SQLText(
        """
        SELECT \(tokenColumns) FROM api_token
        WHERE user_number = (SELECT number FROM user WHERE id = ?) AND id < ? ORDER BY id DESC LIMIT ?
        """)
    private static let tokenState = SQLText("SELECT digest, revoked_at FROM api_token WHERE id = ?")
    private static let revokeToken = SQLText("UPDATE api_token SET revoked_at = ? WHERE id = ?")
    private static let noteUse = SQLText(
        """
        UPDATE api_token SET last_used_at = ?1, last_used_from = ?3
        WHERE id = ?2 AND (last_used_at IS NULL OR last_used_at < ?1)
        """)
    private static let pruneExpired = SQLText(
        "DELETE FROM api_token WHERE key IN (SELECT key FROM api_token WHERE expires_at < ? LIMIT ?)")
    private static let pruneRevoked = SQLText(
        "DELETE FROM api_token WHERE key IN (SELECT key FROM api_token WHERE revoked_at < ? LIMIT ?)")

    /// Checks the caller, counts and stores in one transaction of the only writer.
    public func insert(
        _ token: AccessToken, digest: TokenDigest, limit: Int?, by authorization: Authorization,
        audit: AuditEvent?
    ) async throws(StoreError) -> InsertionOutcome {
        let outcome: InsertionOutcome? = try await database.writing { connection in
            guard let held = try connection.held(authorization, at: audit?.at ?? token.createdAt) else {
                return nil
            }
            if let limit, let owner = token.owner,
                try Self.hasTokens(limit, owner, at: token.createdAt, connection)
            {
                return .tooMany
            }
            // Most tokens are made by their owner, whose number the check has found.
            let owner = authorization.condition?.user == token.owner ? held.account : nil
            guard try Self.insert(token, digest, owner: owner, connection) else { return .digestTaken }
            if let audit { try Self.write(audit, connection) }
            return .stored
        }
        guard let outcome else { throw .authorizationEnded }
        return outcome
    }

    /// Reports whether an owner has at least this many living tokens.
    private static func hasTokens(
        _ limit: Int, _ owner: User.ID, at now: NumericDate, _ connection: SQLiteConnection
    ) throws -> Bool {
        let values: [SQLiteValue] = [.identifier(owner), .instant(now), .integer(limit)]
        let count = try connection.first(livingTokens, values) { row in try row.integer(0) } ?? 0
        return count >= Int64(limit)
    }

    /// Stores many tokens in one transaction, without events. Tokens whose digest is taken are skipped.
    ///
    /// For databases that are filled for a measurement.
    public func insertTokensInBulk(_ tokens: [(AccessToken, TokenDigest)]) async throws(StoreError) {
        try await database.writing { connection in
            for (token, digest) in tokens { _ = try Self.insert(token, digest, connection) }
        }
    }

    /// Reads the token by its key and compares the whole digest.
    public func find(_ digest: TokenDigest) async throws(StoreError) -> StoredToken? {
        try database.reading { connection in try Self.stored(digest, connection) }
    }

    /// Looks a token up for a check. This is the only read that may be behind other processes: it sees their revocations and
    /// changes within half a second, and their new tokens at once.
    public func findImmediately(_ digest: TokenDigest) throws(StoreError) -> ImmediateLookUp {
        try database.finding { connection in try Self.presented(digest, connection) } ?? .unknown
    }

    private static func presented(
        _ digest: TokenDigest, _ connection: SQLiteConnection
    ) throws -> ImmediateLookUp? {
        try connection.first(presentedToken, key: digest.withUnsafeBytes(key)) { row -> ImmediateLookUp? in
            // The key is only a part of the digest; the whole digest identifies a token.
            guard try row.digest(0) == digest else { return nil }
            guard let name = TokenName(stored: try row.text(3)) else { throw row.unexpected(3) }
            let client: Client.ID? = try row.identifierOrNil(10)
            let principal: Principal =
                if row.isNull(9) { .client(try row.identifier(10)) } else {
                    .user(try owner(try row.integer(9), connection))
                }
            return .found(
                PresentedToken(
                    id: try row.identifier(1), kind: try row.word(2), name: name,
                    scope: try row.scope(4, connection.memory), metadata: try row.metadata(8),
                    expiresAt: try row.instantOrNil(5), revokedAt: try row.instantOrNil(6),
                    suspendedAt: try row.instantOrNil(7), principal: principal, client: client,
                    grant: try row.identifierOrNil(11)))
        } ?? nil
    }

    private static func stored(
        _ digest: TokenDigest, _ connection: SQLiteConnection
    ) throws -> StoredToken? {
        try connection.first(tokenByKey, key: digest.withUnsafeBytes(key)) { row in
            // The key is only a part of the digest; the whole digest identifies a token.
            try row.digest(digestColumn) == digest ? try storedToken(row, connection) : nil
        } ?? nil
    }

    /// Reads a token by its identifier.
    public func token(_ id: AccessToken.ID) async throws(StoreError) -> AccessToken? {
        try database.reading { connection in
            try connection.first(Self.tokenByID, [.identifier(id)]) { row in
                try Self.storedToken(row, connection).token
            }
        }
    }

    /// Reads tokens in the order of identifiers, newest first.
    public func tokens(
        of owner: User.ID?, before cursor: AccessToken.ID?, limit: Int
    ) async throws(StoreError) -> [AccessToken] {
        let cursor = SQLiteValue.identifier(cursor ?? AccessToken.ID(high: .max, low: .max))
        return try database.reading { connection in
            let sql = owner == nil ? Self.tokensOfAll : Self.tokensOfOwner
            let values = (owner.map { [.identifier($0)] } ?? []) + [cursor, .integer(limit)]
            return try connection.query(sql, values) { row in
                try Self.storedToken(row, connection).token
            }
        }
    }

    /// Reads the state of the token and revokes it in one transaction.
    public func revoke(
        _ id: AccessToken.ID, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> RevocationOutcome {
        try await changing(by: authorization, at: audit.at, \.change) { connection in
            let state = try connection.first(Self.tokenState, [.identifier(id)]) { row in
                (digest: try row.digest(0), isRevoked: !row.isNull(1))
            }
            guard let state else { return .unknown }
            if state.isRevoked { return .already }
            try connection.execute(Self.revokeToken, [.instant(audit.at), .identifier(id)])
            try Self.write(audit, connection)
            return .revoked(state.digest)
        }
    }

    /// Moves the last use of each token forward, never back.
    public func noteUses(_ uses: [AccessToken.ID: TokenUse]) async throws(StoreError) {
        try await database.noting { connection in
            for (id, use) in uses {
                try connection.execute(
                    Self.noteUse, [.instant(use.at), .identifier(id), .address(use.from)])
            }
        }
    }

    /// Deletes tokens that have expired, then tokens that were revoked, up to the limit.
    public func pruneTokens(deadBefore: NumericDate, limit: Int) async throws(StoreError) -> Int {
        try await database.writing { connection in
            let expired = try connection.execute(Self.pruneExpired, [.instant(deadBefore), .integer(limit)])
            return expired
                + (try connection.execute(
                    Self.pruneRevoked, [.instant(deadBefore), .integer(limit - expired)]))
        }
    }

    /// Stores a token.
    ///
    /// - Parameter owner: The number of its owner, if it is known.
    /// - Returns: `false` when the digest is taken.
    static func insert(
        _ token: AccessToken, _ digest: TokenDigest, owner: Int64? = nil, _ connection: SQLiteConnection
    ) throws -> Bool {
        let number =
            try owner
            ?? token.owner.flatMap { owner in
                try connection.first(userNumber, [.identifier(owner)]) { row in try row.integer(0) }
            }
        // Without a number, the row would be that of a token of the client itself.
        if token.owner != nil, number == nil { throw missingOwner }
        let key = SQLiteValue.integer(digest.withUnsafeBytes(key))
        let values = token.values(digest, owner: .integer(number), key: key)
        return try connection.execute(insertToken, values) == 1
    }

    /// The first eight bytes of a digest.
    private static func key(_ digest: UnsafeRawBufferPointer) -> Int64 {
        Int64(bigEndian: digest.loadUnaligned(as: Int64.self))
    }

    /// The token and its digest, as the writer's connection sees them.
    static func tokenAndDigest(
        _ id: AccessToken.ID, _ connection: SQLiteConnection
    ) throws -> (token: AccessToken, digest: TokenDigest)? {
        try connection.first(tokenAndDigestByID, [.identifier(id)]) { row in
            (try storedToken(row, connection).token, try row.digest(digestColumn))
        }
    }

    static func storedToken(
        _ row: borrowing SQLiteRow, _ connection: SQLiteConnection
    ) throws -> StoredToken {
        let number = try row.integerOrNil(AccessToken.ownerColumn)
        let owner = try number.map { number in try Self.owner(number, connection) }
        let scope = try row.scope(AccessToken.scopeColumn, connection.memory)
        let token = try AccessToken(row, owner: owner?.id, scope: scope)
        let principal: Principal =
            if let owner { .user(owner) } else { .client(try row.identifier(AccessToken.clientColumn)) }
        return StoredToken(token: token, principal: principal)
    }
}
