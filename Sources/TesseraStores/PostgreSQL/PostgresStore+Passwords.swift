public import TesseraCore

extension PostgresStore {
    public func changePassword(
        _ change: PasswordChange
    ) async throws(StoreError) -> PasswordChange.Outcome? {
        let only: Session.ID? =
            switch change.endedSessions {
            case .all: nil
            case .only(let session): session
            }
        var steps = [
            PostgresStep(
                Self.setHash, [.identifier(change.user), .text(change.hash)] + Self.values(change.audit)),
            Self.endSessions(of: change.user, only: only),
        ]
        if let revocation = change.revocation { steps.append(Self.revokeTokens(of: change.user, revocation)) }
        return try await database.change(steps, locking: .several) { answers in
            // Somebody who is not there has neither sessions nor tokens.
            guard answers.affected(0) == 1 else { return nil }
            return PasswordChange.Outcome(
                revokedTokens: change.revocation == nil ? 0 : answers.affected(2),
                endedSessions: answers.affected(1))
        }
    }
}
