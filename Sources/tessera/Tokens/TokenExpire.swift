import TesseraCore
import TesseraServer
import TesseraTime

/// `tessera token expire ID`
enum TokenExpire {
    private static let id = Parameter.positional(
        .tokenID, "The identifier of the token, from ‘tessera token list’.")
    private static let expires = Parameter.required(
        "--expires", .expiry, "The new expiry: 30d from now, 2027-01-31 (through that day, UTC) or never.")

    static let command = Command(
        "expire", "Change the expiry of a token. A running server applies it within a second.",
        parameters: [id, expires] + TokenPolicyParameters.longestLifetimeOnly + CommonParameters.workspace,
        examples: ["tessera token expire 0193a5e0-7c1e-7a3b-9f52-3d1c5b8e4a10 --expires 90d"],
        database: .changes
    ) { invocation in
        let policy = TokenPolicyParameters.policy(invocation)
        try await Workspace.open(invocation, policy: policy) { workspace in
            let token = try await workspace.token(invocation[id])
            let expiry = TokenChange.Expiry(invocation[expires].instant(from: workspace.now))
            let changed = try await workspace.authority.tokens.change(
                token, .init(expiry: expiry), by: .commandLine, at: workspace.now)
            let name = Printable.quoted(changed.name.text)
            invocation.console.note(
                changed.expiresAt.map { "\(name) expires at \($0.inTable)" } ?? "\(name) never expires")
        }
    }
}
