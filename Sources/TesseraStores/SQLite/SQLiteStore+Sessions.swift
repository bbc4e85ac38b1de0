public import TesseraCore
public import TesseraCrypto
public import TesseraTime

extension SQLiteStore: SessionStore {
    private static let numberOfUser = "(SELECT number FROM user WHERE id = ?)"
    private static let insertSession = SQLText(
        """
        INSERT INTO session (\(Session.storedColumns.sqliteNames))
        SELECT \(Session.storedColumns.sqliteParameters(account: numberOfUser)) FROM user WHERE \(isProved)
        """)
    private static let sessionByID = SQLText("SELECT 1 FROM session WHERE id = ?")
    private static let sessionByDigest = SQLText(
        "SELECT \(Session.columns.sqliteNames) FROM session WHERE digest = ?")
    private static let sessionsOfUser = SQLText(
        """
        SELECT \(Session.columns.sqliteNames) FROM session
        WHERE user_number = \(numberOfUser) ORDER BY id DESC LIMIT ?
        """)
    private static let noteSession = SQLText(
        "UPDATE session SET last_seen_at = ?1 WHERE id = ?2 AND last_seen_at < ?1")
    private static let deleteSession = SQLText("DELETE FROM session WHERE id = ?")
    private static let deleteSessions = SQLText(
        "DELETE FROM session WHERE user_number = \(numberOfUser) AND id IS NOT ?")
    private static let pruneAged = SQLText(
        "DELETE FROM session WHERE digest IN (SELECT digest FROM session WHERE expires_at < ? LIMIT ?)")
    private static let pruneUnseen = SQLText(
        "DELETE FROM session WHERE digest IN (SELECT digest FROM session WHERE last_seen_at < ? LIMIT ?)")

    /// Inserts the session and its event in one transaction.
    public func start(
        _ session: Session, digest: SHA256Digest, proof: SignInProof, audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        try await database.writing { connection in
            guard try Self.insert(session, digest, proof, connection) else { return false }
            try Self.write(audit, connection)
            return true
        }
    }

    /// Inserts the new session before it deletes the old one, in one transaction.
    public func replace(
        _ old: Session.ID, with session: Session, digest: SHA256Digest, proof: SignInProof,
        audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        try await database.writing { connection in
            // The old session is deleted last, so that it stays if the new one is not stored.
            guard try connection.first(Self.sessionByID, [.identifier(old)], { _ in true }) ?? false,
                try Self.insert(session, digest, proof, connection)
            else { return false }
            try connection.execute(Self.deleteSession, [.identifier(old)])
            try Self.write(audit, connection)
            return true
        }
    }

    /// Stores a session if the account is still in the state of the proof.
    private static func insert(
        _ session: Session, _ digest: SHA256Digest, _ proof: SignInProof, _ connection: SQLiteConnection
    ) throws(StoreError) -> Bool {
        let row: [SQLiteValue] = session.values(digest, of: proof.user.id)
        return try connection.execute(insertSession, row + values(proof)) == 1
    }

    /// Reads a session by its digest; the connection often remembers the user.
    public func session(
        _ digest: SHA256Digest
    ) async throws(StoreError) -> (session: Session, user: User)? {
        try database.reading { connection in
            try connection.first(Self.sessionByDigest, [.digest(digest)]) { row in
                let user = try Self.owner(try row.integer(1), connection)
                return (session: try Session(row, of: user.id), user: user)
            }
        }
    }

    /// Reads the newest sessions by the index of the account.
    public func sessions(of user: User.ID, limit: Int) async throws(StoreError) -> [Session] {
        try database.reading { connection in
            try connection.query(Self.sessionsOfUser, [.identifier(user), .integer(limit)]) { row in
                try Session(row, of: user)
            }
        }
    }

    /// Moves the last use of each session forward, never back.
    public func noteSeen(_ sessions: [Session.ID: NumericDate]) async throws(StoreError) {
        try await database.writing { connection in
            for (id, instant) in sessions {
                try connection.execute(Self.noteSession, [.instant(instant), .identifier(id)])
            }
        }
    }

    /// Deletes the session and writes the event in one transaction.
    public func end(
        _ session: Session.ID, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        try await change(Self.deleteSession, [.identifier(session)], by: authorization, audit)
    }

    /// Deletes the sessions and writes one event in one transaction.
    public func endSessions(
        of user: User.ID, except kept: Session.ID?, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Int {
        try await database.writing(by: authorization, at: audit.at) { connection in
            let count = try connection.execute(Self.deleteSessions, [.identifier(user), .identifier(kept)])
            if count > 0 { try Self.write(audit, connection) }
            return count
        }
    }

    /// Deletes sessions that have expired, then sessions that were not used, up to the limit.
    public func pruneSessions(
        expiredBefore: NumericDate, unseenSince: NumericDate, limit: Int
    ) async throws(StoreError) -> Int {
        try await database.writing { connection in
            let aged = try connection.execute(Self.pruneAged, [.instant(expiredBefore), .integer(limit)])
            return aged
                + (try connection.execute(Self.pruneUnseen, [.instant(unseenSince), .integer(limit - aged)]))
        }
    }
}
