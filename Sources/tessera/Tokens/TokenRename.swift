import TesseraCore
import TesseraServer

/// `tessera token rename ID NAME`
enum TokenRename {
    private static let id = Parameter.positional(
        .tokenID, "The identifier of the token, from ‘tessera token list’.")
    private static let name = Parameter.positional(.text("NAME"), "A short description of its purpose.")

    static let command = Command(
        "rename", "Rename a token.",
        parameters: [id, name] + CommonParameters.workspace,
        examples: ["tessera token rename 0193a5e0-7c1e-7a3b-9f52-3d1c5b8e4a10 office-backup"],
        database: .changes
    ) { invocation in
        try await TokenParameters.change(invocation[id], .init(name: invocation[name]), invocation) { token in
            "renamed to \(Printable.quoted(token.name.text))"
        }
    }
}
