public import TesseraCore
public import TesseraTime

/// The changes of a token after its creation.
///
/// A second statement reads the token after the one that changes it. It sees the commits for which the change had to wait,
/// and the lock of the change keeps others out until the commit.
extension PostgresStore {
    /// `AccessToken.givesMore(than:)` for the row: a later expiration, or a token that is enabled again.
    private static let givesMore = """
        (($6::boolean IS FALSE AND suspended_at IS NOT NULL)
            OR ($4::boolean AND expires_at IS NOT NULL AND coalesce($5::timestamptz > expires_at, true)))
        """
    private static let changeToken = SQLText(
        """
        WITH changed AS (
            UPDATE api_token SET name = coalesce($3::text, name),
                expires_at = CASE WHEN $4::boolean THEN $5::timestamptz ELSE expires_at END,
                suspended_at = CASE $6::boolean
                    WHEN true THEN coalesce(suspended_at, $2::timestamptz) WHEN false THEN NULL ELSE suspended_at END,
                metadata = CASE WHEN $7::boolean THEN $8::jsonb ELSE metadata END
            WHERE id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
                AND (NOT \(givesMore) OR ($9::text[] IS NULL OR scopes <@ $9) AND NOT $18::boolean)
            RETURNING digest),
        event AS (\(insertEvent(10, if: "changed")))
        SELECT \(PostgresSignal.token("digest")) FROM changed
        """)
    // The owner was locked before, so this sees a replacement by another caller. The smaller one of an expiration and null is
    // the expiration.
    private static let rotateToken = SQLText(
        """
        WITH old AS (
            SELECT id FROM api_token
            WHERE id = $14 AND revoked_at IS NULL AND suspended_at IS NULL AND replaced_by IS NULL
                AND (expires_at IS NULL OR expires_at > $28::timestamptz)),
        stored AS (\(insertToken(from: "old"))),
        replaced AS (
            UPDATE api_token AS t SET replaced_by = stored.id, expires_at = least(t.expires_at, $27::timestamptz)
            FROM stored WHERE t.id = $14 RETURNING t.digest),
        event AS (\(insertEvent(tokenWidth + 1, if: "stored")))
        SELECT EXISTS (SELECT FROM old), EXISTS (SELECT FROM stored),
            (SELECT \(PostgresSignal.token("digest")) FROM replaced)
        """)
    private static let recallToken = SQLText(
        "SELECT digest, \(PostgresSignal.token("digest")) FROM api_token WHERE id = $1")
    // Rows are locked in the order of identifiers, as in every change of several rows.
    private static let revokeTokensOfOwner = SQLText(
        """
        WITH doomed AS MATERIALIZED (
            SELECT id FROM api_token
            WHERE account_id = $1 AND revoked_at IS NULL AND \(hasHash(9)) ORDER BY id FOR NO KEY UPDATE),
        revoked AS (
            UPDATE api_token AS t SET revoked_at = $4::timestamptz FROM doomed
            WHERE t.id = doomed.id AND t.revoked_at IS NULL RETURNING t.id, t.name),
        event AS (\(insertEvents(2, forTokensOf: "revoked")) RETURNING token_id),
        signal AS MATERIALIZED (SELECT \(PostgresSignal.account("$1")) WHERE EXISTS (SELECT FROM revoked))
        SELECT FROM event LEFT JOIN signal ON true
        """)
    // The index has the tokens that were replaced and have an expiration.
    private static let overlapping = SQLText(
        """
        SELECT \(AccessToken.columns.names(of: "old")), \(AccessToken.columns.names(of: "new"))
        FROM api_token AS old JOIN api_token AS new ON new.id = old.replaced_by
        WHERE old.replaced_by IS NOT NULL AND old.revoked_at IS NULL AND old.expires_at > $1
        ORDER BY old.expires_at LIMIT $2
        """)

    /// Reads the digest and tells all nodes of the token, as a change does.
    public func recall(
        _ id: AccessToken.ID, of owner: User.ID?
    ) async throws(StoreError) -> TokenDigest? {
        let digest = try await database.change([PostgresStep(Self.recallToken, [.identifier(id)])]) {
            answers in try answers.first(0) { row in try row.digest(0) }
        }
        observers.tell(digest.map { .token($0) } ?? owner.map { .account($0) } ?? .anyToken)
        return digest
    }

    /// Revokes the tokens and writes an event for each in one statement.
    public func revokeTokens(
        of owner: User.ID, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Int {
        let step = Self.revokeTokens(of: owner, audit)
        return try await change(
            [step], of: .account(owner), by: authorization, at: audit.at, telling: .account(owner)
        ) { answers in answers.affected(0) }
    }

    /// Revokes the tokens of an owner as part of a change. The result has a row for each of them.
    ///
    /// - Parameter hash: The hash that the owner's password must have; `nil` for no condition.
    static func revokeTokens(
        of owner: User.ID, _ audit: AuditEvent, ifHash hash: String? = nil
    ) -> PostgresStep {
        PostgresStep(
            revokeTokensOfOwner, [.identifier(owner)] + valuesOfMany(audit) + [.text(hash)])
    }

    /// SQL that is true when the account in the first parameter has the hash in this parameter, or when the hash is null.
    static func hasHash(_ parameter: Int) -> String {
        """
        ($\(parameter)::text IS NULL
            OR EXISTS (SELECT FROM account WHERE id = $1 AND password_hash = $\(parameter)::text))
        """
    }

    /// Decides in the statement that writes, and reads the token in the next one.
    public func change(
        _ id: AccessToken.ID, _ change: TokenChange, limit: Scope?, by authorization: Authorization,
        audit: AuditEvent
    ) async throws(StoreError) -> TokenChangeOutcome {
        let values: [PostgresValue] = [
            .identifier(id), .instant(audit.at), .text(change.name?.text), .boolean(change.expiry != nil),
            .instant(change.expiry?.instant), change.isSuspended.map { .boolean($0) } ?? .null,
            .boolean(change.metadata != nil), change.metadata.map { .metadata($0) } ?? .null,
            limit.map { .scope($0) } ?? .null,
        ]
        let steps = [
            PostgresStep(Self.changeToken, values + Self.values(audit) + [.boolean(change.onlyReduces)]),
            PostgresStep(Self.tokenByID, [.identifier(id)]),
        ]
        return try await self.change(
            steps, ofToken: id, by: authorization, at: audit.at, telling: \.change
        ) { answers in
            let found = try answers.first(1) { row in try Self.tokenAndDigest(row) }
            guard let (token, digest) = found else { return .unknown }
            if answers.affected(0) == 1 { return .changed(token, digest) }
            return change.refusal(of: token, limit: limit, at: audit.at) ?? .over(token)
        }
    }

    /// Stores the successor and shortens the life of the old token in one statement.
    public func rotate(
        to successor: AccessToken, digest: TokenDigest, endingOldAt end: NumericDate,
        by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> RotationOutcome {
        guard let old = successor.replaces else { return .unknown }
        let row = successor.values(digest, owner: PostgresValue.identifier(successor.owner))
        let values = row + Self.values(audit) + [.instant(end), .instant(audit.at)]
        let steps = [
            PostgresStep(Self.rotateToken, values), PostgresStep(Self.tokenByID, [.identifier(old)]),
        ]
        return try await change(
            steps, ofToken: old, by: authorization, at: audit.at, telling: \.change
        ) { answers in
            let found = try answers.first(1) { row in try Self.tokenAndDigest(row) }
            guard let (token, digest) = found else { return .unknown }
            let outcome = try answers.first(0) { row in
                if try row.boolean(1) { return RotationOutcome.rotated(token, digest) }
                return try row.boolean(0) ? .digestTaken : .refused(token)
            }
            return outcome ?? .refused(token)
        }
    }

    private static func tokenAndDigest(
        _ row: borrowing PostgresRow
    ) throws(StoreError) -> (AccessToken, TokenDigest) {
        (try token(row), try row.digest(AccessToken.columns.count))
    }

    /// Reads the tokens by the index of those that were replaced.
    public func overlappingTokens(
        at now: NumericDate, limit: Int
    ) async throws(StoreError) -> [TokenOverlap] {
        try await database.query(Self.overlapping, [.instant(now), .integer(limit)]) { row in
            TokenOverlap(
                old: try Self.token(row), successor: try Self.token(row, from: AccessToken.columns.count))
        }
    }
}
