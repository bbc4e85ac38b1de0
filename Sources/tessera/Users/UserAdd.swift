import TesseraCore
import TesseraServer

/// `tessera user add EMAIL`
enum UserAdd {
    private static let email = Parameter.positional(.newEmail, "What the person signs in with.")
    private static let username = Parameter.option(
        "--username", .text("NAME"), "What the person is called; what stands before the @ if not given.")
    private static let admin = Parameter.flag("--admin", "Make the person an operator of this installation.")

    static let command = Command(
        "add", "Add a user with a password.",
        details: """
            The password is typed twice at a terminal, and otherwise the one line on standard input. \
            It is never taken as an argument.
            """,
        parameters: [email, username, admin, CommonParameters.passwordFile] + CommonParameters.workspace,
        examples: [
            "tessera user add ada@example.com --username Ada",
            "tessera user add keeper@example.com --admin --password-file /run/secrets/keeper",
        ],
        database: .changes
    ) { invocation in
        let email = invocation[email]
        try await Workspace.open(invocation) { workspace in
            // Asked before a password is typed; the store has the last word.
            guard try await workspace.store.user(email: email) == nil else {
                throw Failure("there is a user \(email) already.")
            }
            let proof = try await workspace.authority.accounts.add(
                email: email.text, username: invocation[username], password: try NewPassword.read(invocation),
                isOperator: invocation[admin], by: .commandLine, at: workspace.now)
            invocation.console.note("added \(proof.user.email)")
        }
    }
}
