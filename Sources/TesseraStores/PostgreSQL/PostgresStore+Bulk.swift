public import TesseraCore
public import TesseraCrypto

/// Many tokens at once.
extension PostgresStore {
    // Scopes are joined by spaces, which no name has: an array of arrays would have to be rectangular.
    private static let insertTokens = SQLText(
        """
        INSERT INTO api_token (
            digest, id, account_id, kind, name, scopes, last_four, created_at, expires_at, revoked_at, suspended_at,
            last_used_at, last_used_from, replaces, replaced_by, metadata, client_id, grant_id)
        SELECT digest, id, account_id, kind, name, string_to_array(scopes, ' '), last_four, created_at, expires_at,
            revoked_at, suspended_at, last_used_at, last_used_from, replaces, replaced_by, metadata, client_id, grant_id
        FROM unnest(
            $1::bytea[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[],
            $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[], $13::inet[], $14::uuid[],
            $15::uuid[], $16::jsonb[], $17::uuid[], $18::uuid[])
            AS t (digest, id, account_id, kind, name, scopes, last_four, created_at, expires_at, revoked_at,
                suspended_at, last_used_at, last_used_from, replaces, replaced_by, metadata, client_id, grant_id)
        ON CONFLICT (digest) DO NOTHING
        """)

    /// Stores many tokens in one transaction, without events; those whose digest is taken are passed over.
    ///
    /// For filling a database that is to be measured, and for moving one.
    public func insertTokensInBulk(_ tokens: [(AccessToken, TokenDigest)]) async throws(StoreError) {
        guard !tokens.isEmpty else { return }
        try await database.change([Self.insertTokens(tokens)], locking: .several) { _ in }
    }

    static func insertTokens(_ tokens: [(AccessToken, TokenDigest)]) -> PostgresStep {
        let all = tokens.map(\.0)
        let values: [PostgresValue] = [
            .column(.bytea, tokens) { .digest($0.1) }, .column(.uuid, all) { .identifier($0.id) },
            .column(.uuid, all) { .identifier($0.owner) }, .column(.text, all) { .text($0.kind.rawValue) },
            .column(.text, all) { .text($0.name.text) },
            .column(.text, all) { .text($0.scope.description) },
            .column(.text, all) { .text($0.lastFour) }, .column(.timestamptz, all) { .instant($0.createdAt) },
            .column(.timestamptz, all) { .instant($0.expiresAt) },
            .column(.timestamptz, all) { .instant($0.revokedAt) },
            .column(.timestamptz, all) { .instant($0.suspendedAt) },
            .column(.timestamptz, all) { .instant($0.lastUsedAt) },
            .column(.inet, all) { .address($0.lastUsedFrom) },
            .column(.uuid, all) { .identifier($0.replaces) },
            .column(.uuid, all) { .identifier($0.replacedBy) },
            .column(.jsonb, all) { .metadata($0.metadata) },
            .column(.uuid, all) { .identifier($0.client) }, .column(.uuid, all) { .identifier($0.grant) },
        ]
        return PostgresStep(insertTokens, values)
    }
}
