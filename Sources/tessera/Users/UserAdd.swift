import TesseraCore
import TesseraServer

/// `tessera user add EMAIL`
enum UserAdd {
    private static let email = Parameter.positional(.newEmail, "The address with which the user signs in.")
    private static let username = Parameter.option(
        "--username", .text("NAME"), "The display name. The default is the part of the address before the @.")
    private static let admin = Parameter.flag("--admin", "Make the user an operator of this installation.")

    static let command = Command(
        "add", "Add a user with a password.",
        details: """
            At a terminal, you type the password twice; otherwise it is read from one line of standard input. \
            A password is never an argument.
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
            // An early check, before a password is typed; the store makes the decision.
            guard try await workspace.store.user(email: email) == nil else {
                throw Failure("the user \(email) already exists.")
            }
            let proof = try await workspace.authority.accounts.add(
                email: email.text, username: invocation[username], password: try NewPassword.read(invocation),
                isOperator: invocation[admin], by: .commandLine, at: workspace.now)
            invocation.console.note("added \(proof.user.email)")
        }
    }
}
