public import TesseraCore

extension PostgresStore {
    private static let setHash = SQLText(settingHash("id = $1"))
    // The first parameters are those of `setHash`, so that one list of values serves both.
    private static let setProvedHash = SQLText(settingHash("id = $1 AND \(isProved(3 + eventWidth))"))

    private static func settingHash(_ condition: String) -> String {
        """
        WITH changed AS (
            UPDATE account SET password_hash = $2 WHERE \(condition) RETURNING *, \(revision) AS revision),
        event AS (\(insertEvent(3, if: "changed")))
        SELECT \(User.columns.names(of: "changed")), revision FROM changed
        """
    }

    /// Changes the hash, ends sessions and revokes tokens in one transaction; the later statements look for the new hash.
    public func changePassword(
        _ change: PasswordChange, by authorization: Authorization
    ) async throws(StoreError) -> PasswordChange.Outcome? {
        let values = [.identifier(change.user), .text(change.hash)] + Self.values(change.audit)
        let setHash =
            change.proof.map { PostgresStep(Self.setProvedHash, values + Self.values($0)) }
            ?? PostgresStep(Self.setHash, values)
        let only: Session.ID? =
            switch change.endedSessions {
            case .all: nil
            case .only(let session): session
            }
        // The later statements do something only if they find the new hash.
        var steps = [setHash, Self.endSessions(of: change.user, only: only, ifHash: change.hash)]
        if let revocation = change.revocation {
            steps.append(Self.revokeTokens(of: change.user, revocation, ifHash: change.hash))
        }
        return try await self.change(
            steps, of: .account(change.user), by: authorization, at: change.audit.at,
            telling: change.revocation.map { _ in .account(change.user) }
        ) { answers in
            // A user that does not exist has neither sessions nor tokens.
            let proof = try answers.first(0) { row in
                SignInProof(
                    user: try User(row), passwordHash: change.hash,
                    revision: try row.integer(User.columns.count))
            }
            guard let proof else { return nil }
            return PasswordChange.Outcome(
                revokedTokens: change.revocation == nil ? 0 : answers.affected(2),
                endedSessions: answers.affected(1), proof: proof)
        }
    }
}
