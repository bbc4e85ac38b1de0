import TesseraCore
import TesseraServer

/// `tessera user enable EMAIL`
enum UserEnable {
    private static let email = Parameter.positional(.email, "The address of the account.")

    static let command = Command(
        "enable", "Enable a disabled user. Tokens that have not ended are valid again.",
        parameters: [email] + CommonParameters.workspace,
        examples: ["tessera user enable ada@example.com"],
        database: .changes
    ) { invocation in
        try await Workspace.open(invocation) { workspace in
            let user = try await workspace.user(invocation[email])
            _ = try await workspace.authority.accounts.setDisabled(
                false, user: user.id, by: .commandLine, at: workspace.now)
            invocation.console.note("enabled \(user.email)")
        }
    }
}
