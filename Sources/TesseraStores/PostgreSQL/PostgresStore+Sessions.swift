public import TesseraCore
public import TesseraCrypto
public import TesseraTime

extension PostgresStore: SessionStore {
    private static let columns = Session.columns.names(of: "s")
    private static let insertColumns = Session.storedColumns.names
    private static let insertedValues = Session.storedColumns.parameters().joined(separator: ", ")

    // The account was locked before.
    private static let insertSession = SQLText(
        """
        WITH started AS (
            INSERT INTO session (\(insertColumns))
            SELECT \(insertedValues) FROM account WHERE \(isProved(18)) RETURNING id),
        event AS (\(insertEvent(10, if: "started")))
        SELECT FROM started
        """)
    private static let replaceSession = SQLText(
        """
        WITH ended AS (
            DELETE FROM session USING account WHERE session.id = $21 AND \(isProved(18)) RETURNING session.id),
        started AS (
            INSERT INTO session (\(insertColumns)) SELECT \(insertedValues) FROM ended RETURNING id),
        event AS (\(insertEvent(10, if: "started")))
        SELECT FROM started
        """)
    private static let sessionByDigest = SQLText(
        """
        SELECT \(columns), \(User.columns.names(of: "a"))
        FROM session AS s JOIN account AS a ON a.id = s.account_id WHERE s.digest = $1
        """)
    private static let sessionsOfAccount = SQLText(
        "SELECT \(columns) FROM session AS s WHERE s.account_id = $1 ORDER BY s.id DESC LIMIT $2")
    // Rows are locked in the order of identifiers, as in every change of several rows. Late values change nothing.
    private static let noteSessions = SQLText(
        """
        WITH seen AS MATERIALIZED (
            SELECT s.digest, n.at FROM session AS s
            JOIN unnest($1::uuid[], $2::timestamptz[]) AS n (id, at) ON n.id = s.id
            WHERE s.last_seen_at < n.at ORDER BY s.id FOR NO KEY UPDATE OF s)
        UPDATE session AS s SET last_seen_at = seen.at FROM seen
        WHERE s.digest = seen.digest AND s.last_seen_at < seen.at
        """)
    private static let deleteSession = SQLText(
        """
        WITH ended AS (DELETE FROM session WHERE id = $1 RETURNING id),
        event AS (\(insertEvent(2, if: "ended")))
        SELECT FROM ended
        """)
    private static let deleteSessions = SQLText(
        """
        WITH doomed AS MATERIALIZED (
            SELECT digest FROM session WHERE account_id = $1 AND id IS DISTINCT FROM $2::uuid
            ORDER BY id FOR UPDATE),
        ended AS (DELETE FROM session WHERE digest IN (SELECT digest FROM doomed) RETURNING id),
        event AS (\(insertEvent(3, if: "ended")))
        SELECT FROM ended
        """)
    private static let endSessions = SQLText(
        """
        WITH doomed AS MATERIALIZED (
            SELECT digest FROM session
            WHERE account_id = $1 AND id = coalesce($2::uuid, id) AND \(hasHash(3))
            ORDER BY id FOR UPDATE)
        DELETE FROM session WHERE digest IN (SELECT digest FROM doomed)
        """)
    // Rows that another node is deleting are skipped.
    private static let pruneSessions = SQLText(
        """
        WITH aged AS MATERIALIZED (
            SELECT digest FROM session WHERE expires_at < $1
            ORDER BY expires_at LIMIT $3 FOR UPDATE SKIP LOCKED),
        unseen AS MATERIALIZED (
            SELECT digest FROM session
            WHERE seen_day < $2 AND last_seen_at < $2 AND expires_at >= $1
            ORDER BY seen_day LIMIT greatest(0, $3 - (SELECT count(*) FROM aged)) FOR UPDATE SKIP LOCKED)
        DELETE FROM session WHERE digest IN (SELECT digest FROM aged UNION ALL SELECT digest FROM unseen)
        """)

    /// Inserts the session and its event in one statement, after the lock on the account.
    public func start(
        _ session: Session, digest: SHA256Digest, proof: SignInProof, audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        let row: [PostgresValue] = session.values(digest, of: proof.user.id)
        let values = row + Self.values(audit) + Self.values(proof)
        return try await change(
            [PostgresStep(Self.insertSession, values)], of: .account(proof.user.id),
            by: .user(proof.user.id), at: audit.at
        ) { answers in answers.affected(0) == 1 }
    }

    /// Deletes the old session and inserts the new one in one statement.
    public func replace(
        _ old: Session.ID, with session: Session, digest: SHA256Digest, proof: SignInProof,
        audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        let row: [PostgresValue] = session.values(digest, of: proof.user.id)
        let values = row + Self.values(audit) + Self.values(proof) + [.identifier(old)]
        return try await change(
            [PostgresStep(Self.replaceSession, values)], of: .account(proof.user.id),
            by: .user(proof.user.id), at: audit.at
        ) { answers in answers.affected(0) == 1 }
    }

    /// Reads a session and its user by the digest.
    public func session(
        _ digest: SHA256Digest
    ) async throws(StoreError) -> (session: Session, user: User)? {
        try await database.first(Self.sessionByDigest, [.digest(digest)]) { row in
            (session: try Self.session(row), user: try User(row, from: Session.columns.count))
        }
    }

    /// Reads the newest sessions by the index of the account.
    public func sessions(of user: User.ID, limit: Int) async throws(StoreError) -> [Session] {
        try await database.query(Self.sessionsOfAccount, [.identifier(user), .integer(limit)], Self.session)
    }

    private static func session(_ row: borrowing PostgresRow) throws(StoreError) -> Session {
        try Session(row, of: try row.identifier(1))
    }

    /// Moves the last use of each session forward, never back.
    public func noteSeen(_ sessions: [Session.ID: NumericDate]) async throws(StoreError) {
        guard !sessions.isEmpty else { return }
        let seen = sessions.map { (id: $0.key, at: $0.value) }
        let values: [PostgresValue] = [
            .column(.uuid, seen) { .identifier($0.id) }, .column(.timestamptz, seen) { .instant($0.at) },
        ]
        // Nearly always there is one session, that of a request.
        let lock = seen.count == 1 ? PostgresLock.row(seen[0].id) : .several
        try await database.change([PostgresStep(Self.noteSessions, values)], locking: lock) { _ in }
    }

    /// Deletes the session and writes the event in one statement.
    public func end(
        _ session: Session.ID, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        let step = PostgresStep(Self.deleteSession, [.identifier(session)] + Self.values(audit))
        return try await change([step], of: .userOfSession(session), by: authorization, at: audit.at) {
            answers in answers.affected(0) > 0
        }
    }

    /// Deletes the sessions and writes one event in one statement.
    public func endSessions(
        of user: User.ID, except kept: Session.ID?, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Int {
        let values: [PostgresValue] = [.identifier(user), .identifier(kept)]
        let step = PostgresStep(Self.deleteSessions, values + Self.values(audit))
        return try await change([step], of: .account(user), by: authorization, at: audit.at) { answers in
            answers.affected(0)
        }
    }

    /// Ends all sessions of a user, or one of them, as part of another change and without an event.
    ///
    /// - Parameter hash: The hash that the user's password must have; `nil` for no condition.
    static func endSessions(
        of user: User.ID, only session: Session.ID? = nil, ifHash hash: String? = nil
    ) -> PostgresStep {
        PostgresStep(endSessions, [.identifier(user), .identifier(session), .text(hash)])
    }

    /// Deletes sessions that have expired, then sessions that were not used, up to the limit.
    public func pruneSessions(
        expiredBefore: NumericDate, unseenSince: NumericDate, limit: Int
    ) async throws(StoreError) -> Int {
        try await prune(
            Self.pruneSessions, [.instant(expiredBefore), .instant(unseenSince), .integer(limit)])
    }
}
