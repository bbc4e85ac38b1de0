import TesseraCore
import TesseraServer

/// `tessera scope remove NAME`
enum ScopeRemove {
    private static let name = Parameter.positional(.scope, "The name of the scope.")

    static let command = Command(
        "remove", "Remove a scope from the catalogue. It no longer has an effect in tokens that contain it.",
        parameters: [name] + CommonParameters.workspace,
        examples: ["tessera scope remove repo:read"],
        database: .changes
    ) { invocation in
        try await Workspace.open(invocation) { workspace in
            let name = invocation[name]
            try ScopeAdd.refuseBuiltIn(name)
            guard try await workspace.authority.catalogue.remove(name, by: .commandLine, at: workspace.now)
            else { throw Failure("there is no scope \(name).") }
            invocation.console.note("removed \(name)")
        }
    }
}
