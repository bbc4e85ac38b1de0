public import TesseraCore

extension SQLiteStore {
    private static let setHash = SQLText("UPDATE user SET password_hash = ? WHERE id = ?")
    private static let liveTokens = SQLText(
        """
        SELECT t.id, t.name FROM api_token AS t JOIN user AS u ON u.number = t.user_number
        WHERE u.id = ? AND t.revoked_at IS NULL
        """)
    private static let revokeToken = SQLText("UPDATE api_token SET revoked_at = ? WHERE id = ?")
    private static let endAll = SQLText(
        "DELETE FROM session WHERE user_number = (SELECT number FROM user WHERE id = ?)")
    private static let endOne = SQLText(
        "DELETE FROM session WHERE user_number = (SELECT number FROM user WHERE id = ?) AND id = ?")

    public func changePassword(
        _ change: PasswordChange
    ) async throws(StoreError) -> PasswordChange.Outcome? {
        try await database.writing { connection in
            let user = SQLiteValue.identifier(change.user)
            guard try connection.execute(Self.setHash, [.text(change.hash), user]) == 1 else { return nil }
            let ended =
                switch change.endedSessions {
                case .all: try connection.execute(Self.endAll, [user])
                case .only(let session): try connection.execute(Self.endOne, [user, .identifier(session)])
                }
            try Self.write(change.audit, connection)
            let revoked =
                if let revocation = change.revocation {
                    try Self.revokeTokens(of: user, revocation, connection)
                } else { 0 }
            return PasswordChange.Outcome(revokedTokens: revoked, endedSessions: ended)
        }
    }

    private static func revokeTokens(
        of user: SQLiteValue, _ event: (AccessToken.ID, TokenName) -> AuditEvent,
        _ connection: SQLiteConnection
    ) throws -> Int {
        let tokens = try connection.query(liveTokens, [user]) { row in
            guard let name = TokenName(try row.text(1)) else { throw row.unexpected(1) }
            return (id: try row.identifier(0, AccessToken.ID.self), name: name)
        }
        for token in tokens {
            let event = event(token.id, token.name)
            try connection.execute(revokeToken, [.instant(event.at), .identifier(token.id)])
            try write(event, connection)
        }
        return tokens.count
    }
}
