import TesseraCore
import TesseraServer

/// `tessera user disable EMAIL`
enum UserDisable {
    private static let email = Parameter.positional(.email, "The address of the account.")

    static let command = Command(
        "disable", "Disable a user: sign-ins, sessions and tokens are refused.",
        parameters: [email] + CommonParameters.workspace,
        examples: ["tessera user disable ada@example.com"],
        database: .changes
    ) { invocation in
        try await Workspace.open(invocation) { workspace in
            let user = try await workspace.user(invocation[email])
            _ = try await workspace.authority.accounts.setDisabled(
                true, user: user.id, by: .commandLine, at: workspace.now)
            invocation.console.note("disabled \(user.email)")
        }
    }
}
