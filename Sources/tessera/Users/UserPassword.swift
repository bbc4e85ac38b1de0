import TesseraCore
import TesseraServer

/// `tessera user password EMAIL`
enum UserPassword {
    private static let email = Parameter.positional(.email, "The address of the account.")
    private static let tokens = Parameter.option(
        "--tokens", .word("keep|revoke", ["keep", "revoke"]), default: "keep",
        "The effect on the user's access tokens.")

    static let command = Command(
        "password", "Set a user's password and end the user's sessions.",
        details: """
            At a terminal, you type the password twice; otherwise it is read from one line of standard input. \
            A password is never an argument.
            """,
        parameters: [email, tokens, CommonParameters.passwordFile] + CommonParameters.workspace,
        examples: [
            "tessera user password ada@example.com",
            "tessera user password ada@example.com --tokens revoke --password-file new-password",
        ],
        database: .changes
    ) { invocation in
        try await Workspace.open(invocation) { workspace in
            let user = try await workspace.user(invocation[email])
            let revokesTokens = invocation[tokens] == "revoke"
            let outcome = try await workspace.authority.accounts.setPassword(
                try NewPassword.read(invocation), of: user, revokingTokens: revokesTokens, by: .commandLine,
                at: workspace.now)
            guard let outcome else { throw Failure("the user was removed in the meantime.") }
            invocation.console.note("changed the password of \(user.email)")
            if revokesTokens {
                invocation.console.note("revoked \(outcome.revokedTokens) access tokens")
            }
        }
    }
}
