import TesseraCore
import TesseraServer

/// `tessera token rotate ID`
enum TokenRotate {
    private static let id = Parameter.positional(
        .tokenID, "The identifier of the token, from ‘tessera token list’.")
    private static let overlap = Parameter.option(
        "--overlap", .duration, default: "24h",
        "How long the old token stays valid, at most 90d; 0 ends it at once.")

    static let command = Command(
        "rotate", "Replace a token and print the new one. It is shown only once.",
        details: """
            The new token has the name, scopes, metadata and lifetime of the old one.
            """,
        parameters: [id, overlap] + TokenPolicyParameters.longestLifetimeOnly + TokenParameters.workspace,
        examples: ["tessera token rotate 0193a5e0-7c1e-7a3b-9f52-3d1c5b8e4a10 --overlap 7d"],
        database: .changes
    ) { invocation in
        let prefix = invocation[CommonParameters.tokenPrefix]
        let policy = TokenPolicyParameters.policy(invocation)
        try await Workspace.open(invocation, prefix: prefix, policy: policy) { workspace in
            let token = try await workspace.token(invocation[id])
            let rotation = try await workspace.authority.tokens.rotate(
                token, overlap: invocation[overlap], by: .commandLine, at: workspace.now)
            invocation.console.print(rotation.issued.secret.plainText)
            let name = Printable.quoted(rotation.old.name.text)
            invocation.console.note(
                rotation.old.isAlive(at: workspace.now)
                    ? "the old \(name) ends at \(rotation.old.expiresAt?.inTable ?? "no time")"
                    : "the old \(name) has ended")
        }
    }
}
