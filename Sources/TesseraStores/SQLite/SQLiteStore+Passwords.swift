public import TesseraCore

extension SQLiteStore {
    private static let setHash = SQLText("UPDATE user SET password_hash = ? WHERE id = ?")
    private static let setProvedHash = SQLText("UPDATE user SET password_hash = ? WHERE \(isProved)")
    private static let endAll = SQLText(
        "DELETE FROM session WHERE user_number = (SELECT number FROM user WHERE id = ?)")
    private static let endOne = SQLText(
        "DELETE FROM session WHERE user_number = (SELECT number FROM user WHERE id = ?) AND id = ?")

    /// Changes the hash, ends sessions and revokes tokens in one transaction.
    public func changePassword(
        _ change: PasswordChange, by authorization: Authorization
    ) async throws(StoreError) -> PasswordChange.Outcome? {
        let told = change.revocation.map { _ in StoreChange.account(change.user) }
        return try await changing(told, by: authorization, at: change.audit.at) { connection in
            let user = SQLiteValue.identifier(change.user)
            let hash = SQLiteValue.text(change.hash)
            let isChanged =
                if let proof = change.proof {
                    try connection.execute(Self.setProvedHash, [hash] + Self.values(proof)) == 1
                } else { try connection.execute(Self.setHash, [hash, user]) == 1 }
            guard isChanged, let proof = try Self.proof(of: change.user, connection) else { return nil }
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
            return PasswordChange.Outcome(revokedTokens: revoked, endedSessions: ended, proof: proof)
        }
    }
}
