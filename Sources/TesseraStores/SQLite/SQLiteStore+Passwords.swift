public import TesseraCore

extension SQLiteStore {
    private static let setHash = SQLText("UPDATE user SET password_hash = ? WHERE id = ?")
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
                    try Self.revokeTokens(of: change.user, revocation, connection)
                } else { 0 }
            return PasswordChange.Outcome(revokedTokens: revoked, endedSessions: ended)
        }
    }
}
