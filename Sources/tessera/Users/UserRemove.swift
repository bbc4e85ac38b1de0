import TesseraCore
import TesseraServer

/// `tessera user remove EMAIL`
enum UserRemove {
    private static let email = Parameter.positional(.email, "The address of the account.")

    static let command = Command(
        "remove", "Remove a user permanently, with all tokens and sessions.",
        details: "At a terminal, it asks for confirmation unless --yes is given.",
        parameters: [email, CommonParameters.yes] + CommonParameters.workspace,
        examples: ["tessera user remove ada@example.com"],
        database: .changes
    ) { invocation in
        try await Workspace.open(invocation) { workspace in
            let user = try await workspace.user(invocation[email])
            try Confirmation.ask("Permanently remove \(user.email) with all tokens?", invocation)
            _ = try await workspace.authority.accounts.remove(user.id, by: .commandLine, at: workspace.now)
            invocation.console.note("removed \(user.email)")
        }
    }
}
