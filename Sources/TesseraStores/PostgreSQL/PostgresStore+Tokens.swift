public import TesseraCore
public import TesseraCrypto
public import TesseraTime

extension PostgresStore: TokenStore {
    private static let columns = AccessToken.columns.names(of: "t")
    /// The number of parameters that store a token.
    static let tokenWidth = AccessToken.storedColumns.count

    /// SQL that stores the token whose values are the parameters from 1 on, once for each row of `source`. It stores nothing
    /// when the digest is taken.
    static func insertToken(from source: String) -> String {
        """
        INSERT INTO api_token (\(AccessToken.storedColumns.names))
        SELECT \(AccessToken.storedColumns.parameters().joined(separator: ", "))
        FROM \(source) ON CONFLICT (digest) DO NOTHING RETURNING id
        """
    }

    // A token without an owner is not stored. It is no error either, which would undo the other changes of the transaction.
    private static let insertToken = SQLText(
        """
        WITH stored AS (\(insertToken(from: "account WHERE id = $3"))),
        event AS (\(insertEvent(tokenWidth + 1, if: "stored")))
        SELECT EXISTS (SELECT FROM stored), false, EXISTS (SELECT FROM account WHERE id = $3)
        """)
    private static let insertTokenOfClient = SQLText(
        """
        WITH stored AS (\(insertToken(from: "(SELECT WHERE $3::uuid IS NULL) AS one"))),
        event AS (\(insertEvent(tokenWidth + 1, if: "stored")))
        SELECT EXISTS (SELECT FROM stored), false, true
        """)
    // The owner was locked before, so this counts the tokens of all other creations. The count stops at the limit. Dead tokens
    // stay for 30 days and do not count.
    private static let insertTokenWithinLimit = SQLText(
        """
        WITH living AS (
            SELECT count(*) >= $27::bigint AS are_too_many FROM (
                SELECT FROM api_token
                WHERE account_id = $3 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $8)
                LIMIT $27) AS part),
        stored AS (\(insertToken(from: "account, living WHERE account.id = $3 AND NOT are_too_many"))),
        event AS (\(insertEvent(tokenWidth + 1, if: "stored")))
        SELECT EXISTS (SELECT FROM stored), are_too_many, EXISTS (SELECT FROM account WHERE id = $3) FROM living
        """)
    /// A lock with which others can read the account and refer to it, but not lock it.
    private static let lockOwner = SQLText(
        "SELECT FROM account WHERE id = $1 FOR NO KEY UPDATE")
    private static let tokenByDigest = SQLText(
        """
        SELECT \(columns), \(User.columns.names(of: "a"))
        FROM api_token AS t LEFT JOIN account AS a ON a.id = t.account_id WHERE t.digest = $1
        """)
    static let tokenByID = SQLText("SELECT \(columns), t.digest FROM api_token AS t WHERE t.id = $1")
    private static let tokensOfAll = SQLText(
        "SELECT \(columns) FROM api_token AS t WHERE t.id < $1 ORDER BY t.id DESC LIMIT $2")
    private static let tokensOfOwner = SQLText(
        """
        SELECT \(columns) FROM api_token AS t
        WHERE t.account_id = $1 AND t.id < $2 ORDER BY t.id DESC LIMIT $3
        """)
    // Of two revocations at once, the second waits for the first and then finds nothing to change.
    private static let revokeToken = SQLText(
        """
        WITH revoked AS (
            UPDATE api_token SET revoked_at = $2::timestamptz WHERE id = $1 AND revoked_at IS NULL RETURNING digest),
        event AS (\(insertEvent(3, if: "revoked")))
        SELECT (SELECT digest FROM revoked), EXISTS (SELECT FROM api_token WHERE id = $1),
            (SELECT \(PostgresSignal.token("digest")) FROM revoked)
        """)
    // Rows are locked in the order of identifiers, as in every change of several rows. Late values change nothing.
    private static let noteUses = SQLText(
        """
        WITH used AS MATERIALIZED (
            SELECT t.id, n.at, n.place FROM api_token AS t
            JOIN unnest($1::uuid[], $2::timestamptz[], $3::inet[]) AS n (id, at, place) ON n.id = t.id
            WHERE t.last_used_at IS NULL OR t.last_used_at < n.at ORDER BY t.id FOR NO KEY UPDATE OF t)
        UPDATE api_token AS t SET last_used_at = used.at, last_used_from = used.place FROM used
        WHERE t.id = used.id AND (t.last_used_at IS NULL OR t.last_used_at < used.at)
        """)
    // Rows that another node is deleting are skipped. Tokens that expire together were often made together, so they are
    // neighbours in the index of identifiers. In the index of digests, they are far apart.
    private static let pruneTokens = SQLText(
        """
        WITH expired AS MATERIALIZED (
            SELECT id FROM api_token WHERE expires_at < $1
            ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED),
        revoked AS MATERIALIZED (
            SELECT id FROM api_token WHERE revoked_at < $1 AND (expires_at IS NULL OR expires_at >= $1)
            ORDER BY revoked_at LIMIT greatest(0, $2 - (SELECT count(*) FROM expired)) FOR UPDATE SKIP LOCKED)
        DELETE FROM api_token WHERE id IN (SELECT id FROM expired UNION ALL SELECT id FROM revoked)
        """)

    /// Counts and stores in one statement, after a lock on the owner where there is a limit.
    public func insert(
        _ token: AccessToken, digest: TokenDigest, limit: Int?, by authorization: Authorization,
        audit: AuditEvent?
    ) async throws(StoreError) -> InsertionOutcome {
        let row = token.values(digest, owner: PostgresValue.identifier(token.owner))
        let values = row + Self.values(audit)
        let now = audit?.at ?? token.createdAt
        guard let limit, let owner = token.owner else {
            let steps = [
                PostgresStep(token.owner == nil ? Self.insertTokenOfClient : Self.insertToken, values)
            ]
            return try await create(steps, by: authorization, at: now) { answers in
                try answers.first(0, Self.insertionOutcome) ?? .digestTaken
            }
        }
        let insert = PostgresStep(Self.insertTokenWithinLimit, values + [.integer(limit)])
        // Most callers create tokens for themselves: one lock serves as both, and many creations share a transaction.
        guard authorization.condition.map({ $0.user == owner }) ?? true else {
            return try await change([insert], of: .account(owner), by: authorization, at: now) {
                answers in try answers.first(0, Self.insertionOutcome) ?? .digestTaken
            }
        }
        let before =
            [PostgresStep(Self.lockOwner, [.identifier(owner)])] + Self.check(authorization, at: now)
        return try await database.change(before + [insert], locking: .row(owner)) { answers in
            try answers.first(before.count, Self.insertionOutcome) ?? .digestTaken
        }
    }

    private static func insertionOutcome(
        _ row: borrowing PostgresRow
    ) throws(StoreError) -> InsertionOutcome {
        if try row.boolean(0) { return .stored }
        guard try row.boolean(2) else { throw StoreError(.corrupt, "The token's owner is missing.") }
        return try row.boolean(1) ? .tooMany : .digestTaken
    }

    /// Reads the token and its owner by the digest, from the replica first where there is one.
    public func find(_ digest: TokenDigest) async throws(StoreError) -> StoredToken? {
        let values = [PostgresValue.digest(digest)]
        if let found = await replica?.first(Self.tokenByDigest, values, Self.storedToken) { return found }
        return try await database.first(Self.tokenByDigest, values, Self.storedToken)
    }

    private static func storedToken(_ row: borrowing PostgresRow) throws(StoreError) -> StoredToken {
        let token = try token(row)
        let principal: Principal =
            switch token.subject {
            case .user: .user(try User(row, from: AccessToken.columns.count))
            case .client(let id): .client(id)
            }
        return StoredToken(token: token, principal: principal)
    }

    /// Reads a token by its identifier.
    public func token(_ id: AccessToken.ID) async throws(StoreError) -> AccessToken? {
        try await database.first(Self.tokenByID, [.identifier(id)]) { row in try Self.token(row) }
    }

    /// Reads tokens in the order of identifiers, newest first.
    public func tokens(
        of owner: User.ID?, before cursor: AccessToken.ID?, limit: Int
    ) async throws(StoreError) -> [AccessToken] {
        // The largest possible identifier stands for no cursor.
        let cursor = PostgresValue.identifier(cursor ?? AccessToken.ID(high: .max, low: .max))
        let statement = owner == nil ? Self.tokensOfAll : Self.tokensOfOwner
        let values = (owner.map { [.identifier($0)] } ?? []) + [cursor, .integer(limit)]
        return try await database.query(statement, values) { row in try Self.token(row) }
    }

    /// Revokes the token in one statement, after the lock on its owner.
    public func revoke(
        _ id: AccessToken.ID, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> RevocationOutcome {
        let values = [.identifier(id), .instant(audit.at)] + Self.values(audit)
        let step = PostgresStep(Self.revokeToken, values)
        return try await change([step], ofToken: id, by: authorization, at: audit.at, telling: \.change) {
            answers in
            let outcome = try answers.first(0) { row in
                if !row.isNull(0) { return RevocationOutcome.revoked(try row.digest(0)) }
                return try row.boolean(1) ? .already : .unknown
            }
            return outcome ?? .unknown
        }
    }

    /// Moves the last use of each token forward, never back.
    public func noteUses(_ uses: [AccessToken.ID: TokenUse]) async throws(StoreError) {
        guard !uses.isEmpty else { return }
        let uses = uses.map { (id: $0.key, use: $0.value) }
        let values: [PostgresValue] = [
            .column(.uuid, uses) { .identifier($0.id) }, .column(.timestamptz, uses) { .instant($0.use.at) },
            .column(.inet, uses) { .address($0.use.from) },
        ]
        try await database.change([PostgresStep(Self.noteUses, values)], locking: .several) { _ in }
    }

    /// Deletes tokens that have expired, then tokens that were revoked, up to the limit.
    public func pruneTokens(deadBefore: NumericDate, limit: Int) async throws(StoreError) -> Int {
        try await prune(Self.pruneTokens, [.instant(deadBefore), .integer(limit)])
    }

    /// The token in the columns from `first` on.
    static func token(
        _ row: borrowing PostgresRow, from first: Int = 0
    ) throws(StoreError) -> AccessToken {
        try AccessToken(
            row, from: first, owner: try row.identifierOrNil(first + AccessToken.ownerColumn),
            scope: try row.scope(first + AccessToken.scopeColumn))
    }

    private static let insertTokens = SQLText(
        """
        INSERT INTO api_token (\(AccessToken.storedColumns.names)) \(AccessToken.storedColumns.rows)
        ON CONFLICT (digest) DO NOTHING
        """)

    /// Stores many tokens in one transaction, without events. Tokens whose digest is taken are skipped.
    ///
    /// For databases that are filled for a measurement.
    public func insertTokensInBulk(_ tokens: [(AccessToken, TokenDigest)]) async throws(StoreError) {
        guard !tokens.isEmpty else { return }
        let rows = tokens.map { token, digest in
            token.values(digest, owner: PostgresValue.identifier(token.owner))
        }
        let step = PostgresStep(Self.insertTokens, AccessToken.storedColumns.arrays(rows))
        try await database.change([step], locking: .several) { _ in }
    }
}
