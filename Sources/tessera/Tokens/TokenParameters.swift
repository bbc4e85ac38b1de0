import TesseraCore
import TesseraJSON
import TesseraServer
import TesseraTime

/// The parameters and output that commands about tokens share.
enum TokenParameters {
    /// The parameters of every command about tokens.
    static let workspace: [any AnyParameter] = [CommonParameters.tokenPrefix] + CommonParameters.workspace

    /// Changes a token and reports the change.
    ///
    /// - Parameter sentence: Makes the report from the changed token.
    static func change(
        _ id: AccessToken.ID, _ correction: TokenDesk.Correction, _ invocation: Invocation,
        _ sentence: (AccessToken) -> String
    ) async throws {
        try await Workspace.open(invocation) { workspace in
            let changed = try await workspace.authority.tokens.change(
                try await workspace.token(id), correction, by: .commandLine, at: workspace.now)
            invocation.console.note(sentence(changed))
        }
    }
}

extension ArgumentKind<AccessToken.ID> {
    static var tokenID: ArgumentKind {
        ArgumentKind("ID", "a token identifier from ‘tessera token list’") {
            AccessToken.ID($0)
        }
    }
}

extension JSONWriter {
    /// Writes a token with its owner, as in lists and inspections.
    ///
    /// - Parameter policy: Also writes whether the expiry is later than this policy allows.
    mutating func members(
        of token: AccessToken, _ owner: User?, at now: NumericDate, _ policy: TokenPolicy? = nil
    ) {
        member("id", token.id.description)
        member("name", token.name.text)
        member("kind", token.kind.rawValue)
        member("owner", owner?.email.text ?? token.subject.description)
        member("scopes", token.scope.tokens.map(\.text))
        member("last_four", token.lastFour)
        member("state", token.state(at: now).rawValue)
        member("created_at", token.createdAt.rfc3339)
        member("expires_at", token.expiresAt?.rfc3339)
        if let policy { member("exceeds_policy", policy.isExceeded(by: token, at: now)) }
        member("last_used_at", token.lastUsedAt?.rfc3339)
        member("last_used_from", token.lastUsedFrom?.text)
        member("replaces", token.replaces?.description)
        member("replaced_by", token.replacedBy?.description)
        member("metadata") { json in
            json.object { json in
                for entry in token.metadata.entries {
                    json.member(named: entry.name) { $0.string(entry.text) }
                }
            }
        }
        // Present only after a revocation, so that a search for the word finds revoked tokens.
        if let revokedAt = token.revokedAt { member("revoked_at", revokedAt.rfc3339) }
        if let suspendedAt = token.suspendedAt { member("disabled_at", suspendedAt.rfc3339) }
    }
}
