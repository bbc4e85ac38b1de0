import TesseraCore
import TesseraServer

/// `tessera token revoke ID`
enum TokenRevoke {
    private static let id = Parameter.positional(.tokenID, "Which one, as ‘tessera token list’ shows it.")

    static let command = Command(
        "revoke", "End a token early. A running server refuses it within a second.",
        parameters: [id] + CommonParameters.workspace,
        examples: ["tessera token revoke 0193a5e0-7c1e-7a3b-9f52-3d1c5b8e4a10"]
    ) { invocation in
        try await Workspace.open(invocation) { workspace in
            let id = invocation[id]
            guard let token = try await workspace.store.token(id) else {
                throw Failure("there is no token \(id).")
            }
            let isNew = try await workspace.authority.tokens.revoke(
                token, by: .commandLine, at: workspace.now)
            let name = Printable.quoted(token.name.text)
            invocation.console.note(isNew ? "revoked \(name)" : "\(name) was revoked before")
        }
    }
}
