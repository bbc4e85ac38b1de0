import TesseraCore
import TesseraJOSE
import TesseraJSON

/// What the commands about tokens share.
enum TokenParameters {
    /// What every one of them needs.
    static let workspace: [any AnyParameter] = [CommonParameters.tokenPrefix] + CommonParameters.workspace

    static func format(_ invocation: Invocation) -> TokenFormat {
        TokenFormat(personal: invocation[CommonParameters.tokenPrefix])
    }
}

extension ArgumentKind<AccessToken.ID> {
    static var tokenID: ArgumentKind {
        ArgumentKind("ID", "the identifier of a token, as ‘tessera token list’ shows it") {
            AccessToken.ID($0)
        }
    }
}

extension JSONWriter {
    /// A token with its owner, as lists and inspections show it.
    mutating func members(of token: AccessToken, _ owner: User?, at now: NumericDate) {
        member("id", token.id.description)
        member("name", token.name.text)
        member("kind", token.kind.rawValue)
        member("owner", owner?.email.text ?? token.owner.description)
        member("scopes", token.scope.tokens.map(\.text))
        member("last_four", token.lastFour)
        member("state", token.state(at: now).rawValue)
        member("created_at", token.createdAt.rfc3339)
        member("expires_at", token.expiresAt?.rfc3339)
        member("last_used_at", token.lastUsedAt?.rfc3339)
        // Only there when it happened, so that a search for the word finds what was revoked.
        if let revokedAt = token.revokedAt { member("revoked_at", revokedAt.rfc3339) }
    }
}
