public import TesseraCore
public import TesseraTime

/// The changes of a token after its creation.
extension SQLiteStore {
    private static let updateToken = SQLText(
        "UPDATE api_token SET name = ?, expires_at = ?, suspended_at = ?, metadata = ? WHERE id = ?")
    private static let replaceToken = SQLText(
        "UPDATE api_token SET expires_at = ?, replaced_by = ? WHERE id = ?")
    private static let unrevokedTokens = SQLText(
        """
        SELECT id, name FROM api_token
        WHERE user_number = (SELECT number FROM user WHERE id = ?) AND revoked_at IS NULL
        ORDER BY id
        """)
    private static let revokeTokensOfOwner = SQLText(
        """
        UPDATE api_token SET revoked_at = ?
        WHERE user_number = (SELECT number FROM user WHERE id = ?) AND revoked_at IS NULL
        """)
    // The index has the tokens that were replaced and have an expiration.
    private static let overlapping = SQLText(
        """
        SELECT \(tokenColumns) FROM api_token
        WHERE replaced_by IS NOT NULL AND revoked_at IS NULL AND expires_at > ?
        ORDER BY expires_at LIMIT ?
        """)

    /// Reads the digest, then waits until look-ups see the state that this read has seen.
    public func recall(
        _ id: AccessToken.ID, of owner: User.ID?
    ) async throws(StoreError) -> TokenDigest? {
        let digest = try database.reading { connection in try Self.tokenAndDigest(id, connection)?.digest }
        // After the read, because look-ups must not be behind the state that it has seen.
        database.settle()
        observers.tell(digest.map { .token($0) } ?? owner.map { .account($0) } ?? .anyToken)
        return digest
    }

    /// Revokes the tokens and writes an event for each in one transaction.
    public func revokeTokens(
        of owner: User.ID, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Int {
        try await changing(.account(owner), by: authorization, at: audit.at) { connection in
            try Self.revokeTokens(of: owner, audit, connection)
        }
    }

    static func revokeTokens(
        of owner: User.ID, _ audit: AuditEvent, _ connection: SQLiteConnection
    ) throws -> Int {
        let tokens = try connection.query(unrevokedTokens, [.identifier(owner)]) { row in
            guard let name = TokenName(stored: try row.text(1)) else { throw row.unexpected(1) }
            return (id: try row.identifier(0, AccessToken.ID.self), name: name)
        }
        for (number, token) in tokens.enumerated() {
            try write(audit.telling(of: token.id, named: token.name, number: number), connection)
        }
        return try connection.execute(revokeTokensOfOwner, [.instant(audit.at), .identifier(owner)])
    }

    /// Reads the token, decides and writes in one transaction.
    public func change(
        _ id: AccessToken.ID, _ change: TokenChange, limit: Scope?, by authorization: Authorization,
        audit: AuditEvent
    ) async throws(StoreError) -> TokenChangeOutcome {
        try await changing(by: authorization, at: audit.at, \.change) { connection in
            guard let (token, digest) = try Self.tokenAndDigest(id, connection) else { return .unknown }
            if let refusal = change.refusal(of: token, limit: limit, at: audit.at) { return refusal }
            let changed = change.applied(to: token, at: audit.at)
            try connection.execute(
                Self.updateToken,
                [
                    .text(changed.name.text), .instant(changed.expiresAt), .instant(changed.suspendedAt),
                    .metadata(changed.metadata), .identifier(id),
                ])
            try Self.write(audit, connection)
            return .changed(changed, digest)
        }
    }

    /// Stores the successor and shortens the life of the old token in one transaction.
    public func rotate(
        to successor: AccessToken, digest: TokenDigest, endingOldAt end: NumericDate,
        by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> RotationOutcome {
        try await changing(by: authorization, at: audit.at, \.change) { connection in
            guard let id = successor.replaces,
                let (token, oldDigest) = try Self.tokenAndDigest(id, connection)
            else { return .unknown }
            guard token.canBeReplaced(at: audit.at) else { return .refused(token) }
            guard try Self.insert(successor, digest, connection) else { return .digestTaken }
            var old = token
            old.replacedBy = successor.id
            old.expiresAt = token.expiresAt.map { min($0, end) } ?? end
            try connection.execute(
                Self.replaceToken,
                [.instant(old.expiresAt), .identifier(successor.id), .identifier(id)])
            try Self.write(audit, connection)
            return .rotated(old, oldDigest)
        }
    }

    /// Reads the tokens by the index of those that were replaced.
    public func overlappingTokens(
        at now: NumericDate, limit: Int
    ) async throws(StoreError) -> [TokenOverlap] {
        try database.reading { connection in
            let old = try connection.query(Self.overlapping, [.instant(now), .integer(limit)]) { row in
                try Self.storedToken(row, connection).token
            }
            var overlaps: [TokenOverlap] = []
            for old in old {
                guard let id = old.replacedBy,
                    let successor = try Self.tokenAndDigest(id, connection)?.token
                else { continue }
                overlaps.append(TokenOverlap(old: old, successor: successor))
            }
            return overlaps
        }
    }
}
