import TesseraCore
import TesseraServer

/// `tessera token disable ID`
enum TokenDisable {
    private static let id = Parameter.positional(
        .tokenID, "The identifier of the token, from ‘tessera token list’.")

    static let command = Command(
        "disable", "Disable a token until it is enabled again. A running server refuses it within a second.",
        parameters: [id] + CommonParameters.workspace,
        examples: ["tessera token disable 0193a5e0-7c1e-7a3b-9f52-3d1c5b8e4a10"],
        database: .changes
    ) { invocation in
        try await TokenParameters.change(invocation[id], .init(isSuspended: true), invocation) { token in
            "disabled \(Printable.quoted(token.name.text))"
        }
    }
}
