import TesseraCore
import TesseraServer

/// `tessera token revoke ID`
enum TokenRevoke {
    private static let id = Parameter.optionalPositional(
        .tokenID, "The identifier of the token, from ‘tessera token list’.")
    private static let isAll = Parameter.flag("--all", "Revoke all tokens of --user.")
    private static let user = Parameter.option("--user", .email, "The owner of the tokens, with --all.")

    static let command = Command(
        "revoke", "Revoke a token, or all tokens of a user. A running server refuses them within a second.",
        details: "With --all, it asks for confirmation at a terminal unless --yes is given.",
        parameters: [id, isAll, user, CommonParameters.yes] + CommonParameters.workspace,
        examples: [
            "tessera token revoke 0193a5e0-7c1e-7a3b-9f52-3d1c5b8e4a10",
            "tessera token revoke --all --user ada@example.com",
        ],
        database: .changes
    ) { invocation in
        switch (invocation[id], invocation[isAll], invocation[user]) {
        case (let id?, false, nil): try await revoke(id, invocation)
        case (nil, true, let email?): try await revokeAll(of: email, invocation)
        case (nil, true, nil): throw UsageError("--all needs --user EMAIL.")
        case (nil, false, _): throw UsageError("missing ID; --all --user EMAIL revokes all tokens of a user.")
        case (.some, _, _): throw UsageError("give either an ID, or --all with --user.")
        }
    }

    private static func revoke(_ id: AccessToken.ID, _ invocation: Invocation) async throws {
        try await Workspace.open(invocation) { workspace in
            let token = try await workspace.token(id)
            let isNew = try await workspace.authority.tokens.revoke(
                token, by: .commandLine, at: workspace.now)
            let name = Printable.quoted(token.name.text)
            invocation.console.note(isNew ? "revoked \(name)" : "\(name) was already revoked")
        }
    }

    private static func revokeAll(of email: EmailAddress, _ invocation: Invocation) async throws {
        try await Workspace.open(invocation) { workspace in
            let owner = try await workspace.user(email)
            try Confirmation.ask("Revoke every access token of \(owner.email)?", invocation)
            let count = try await workspace.authority.tokens.revokeAll(
                of: owner.id, by: .commandLine, at: workspace.now)
            invocation.console.note(
                count == 1
                    ? "revoked 1 token of \(owner.email)" : "revoked \(count) tokens of \(owner.email)")
        }
    }
}
