import TesseraCore
import TesseraServer

/// `tessera token enable ID`
enum TokenEnable {
    private static let id = Parameter.positional(
        .tokenID, "The identifier of the token, from ‘tessera token list’.")

    static let command = Command(
        "enable", "Enable a disabled token.",
        parameters: [id] + CommonParameters.workspace,
        examples: ["tessera token enable 0193a5e0-7c1e-7a3b-9f52-3d1c5b8e4a10"],
        database: .changes
    ) { invocation in
        try await TokenParameters.change(invocation[id], .init(isSuspended: false), invocation) { token in
            "enabled \(Printable.quoted(token.name.text))"
        }
    }
}
