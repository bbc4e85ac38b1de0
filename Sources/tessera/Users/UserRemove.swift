import TesseraCore
import TesseraServer

/// `tessera user remove EMAIL`
enum UserRemove {
    private static let email = Parameter.positional(.email, "Whose account it is.")

    static let command = Command(
        "remove", "Remove a user with all their tokens and sessions, for good.",
        details: "At a terminal it asks first, unless told --yes.",
        parameters: [email, CommonParameters.yes] + CommonParameters.workspace,
        examples: ["tessera user remove ada@example.com"],
        database: .changes
    ) { invocation in
        try await Workspace.open(invocation) { workspace in
            let user = try await workspace.user(invocation[email])
            try Confirmation.ask("Remove \(user.email) and all their tokens for good?", invocation)
            _ = try await workspace.authority.accounts.remove(user.id, by: .commandLine, at: workspace.now)
            invocation.console.note("removed \(user.email)")
        }
    }
}
