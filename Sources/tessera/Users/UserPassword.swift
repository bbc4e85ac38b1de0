import TesseraCore
import TesseraServer

/// `tessera user password EMAIL`
enum UserPassword {
    private static let email = Parameter.positional(.email, "Whose password it is.")
    private static let tokens = Parameter.option(
        "--tokens", .word("keep|revoke", ["keep", "revoke"]), default: "keep",
        "What becomes of the person's access tokens.")

    static let command = Command(
        "password", "Set a user's password and end their sessions.",
        details: """
            The password is typed twice at a terminal, and otherwise the one line on standard input. \
            It is never taken as an argument.
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
            guard let outcome else { throw Failure("the user is gone.") }
            invocation.console.note("changed the password of \(user.email)")
            if revokesTokens {
                invocation.console.note("revoked \(outcome.revokedTokens) of their access tokens")
            }
        }
    }
}
