import TesseraCore
import TesseraJSON
import TesseraTime

extension JSONWriter {
    /// A token as the API shows it: everything but the token.
    mutating func members(of token: AccessToken, at now: NumericDate, _ policy: TokenPolicy) {
        member("id", token.id)
        member("name", token.name.text)
        member("kind", token.kind.rawValue)
        member("scopes", token.scope)
        member("last_four", token.lastFour)
        member("state", token.state(at: now).rawValue)
        member("created_at", token.createdAt)
        member("expires_at", token.expiresAt)
        member("exceeds_policy", policy.isExceeded(by: token, at: now))
        member("revoked_at", token.revokedAt)
        member("disabled_at", token.suspendedAt)
        member("last_used_at", token.lastUsedAt)
        member("last_used_from", token.lastUsedFrom?.text)
        member("replaces", orNull: token.replaces)
        member("replaced_by", orNull: token.replacedBy)
        member("metadata", token.metadata)
    }
}
