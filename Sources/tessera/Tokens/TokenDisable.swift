import TesseraCore
import TesseraServer

/// `tessera token disable ID`
enum TokenDisable {
    private static let id = Parameter.positional(.tokenID, "Which one, as ‘tessera token list’ shows it.")

    static let command = Command(
        "disable", "Let nobody use a token until it is enabled. A running server refuses it within a second.",
        parameters: [id] + CommonParameters.workspace,
        examples: ["tessera token disable 0193a5e0-7c1e-7a3b-9f52-3d1c5b8e4a10"],
        database: .changes
    ) { invocation in
        try await TokenParameters.change(invocation[id], .init(isSuspended: true), invocation) { token in
            "disabled \(Printable.quoted(token.name.text))"
        }
    }
}
