import TesseraCore
import TesseraServer

/// `tessera scope add NAME DESCRIPTION`
enum ScopeAdd {
    private static let name = Parameter.positional(.scope, "The name of the scope, such as repo:read.")
    private static let description = Parameter.positional(
        .scopeDescription, "A description for the people who grant the scope.")
    private static let forOperators = Parameter.flag("--for-operators", "Let only operators grant the scope.")

    static let command = Command(
        "add", "Add a scope to the catalogue, or change its description.",
        parameters: [name, description, forOperators] + CommonParameters.workspace,
        examples: ["tessera scope add repo:read \"Read repositories\""],
        database: .changes
    ) { invocation in
        try await Workspace.open(invocation) { workspace in
            let scope = ScopeDefinition(
                invocation[name], invocation[description], isForOperators: invocation[forOperators])
            try refuseBuiltIn(scope.name)
            try await workspace.authority.catalogue.put(scope, by: .commandLine, at: workspace.now)
            invocation.console.note("added \(scope.name)")
        }
    }

    /// Refuses Tessera's own scopes, which the next start would restore.
    static func refuseBuiltIn(_ name: ScopeToken) throws(Failure) {
        guard !ScopeDefinition.builtIn.contains(where: { $0.name == name }) else {
            throw Failure("\(name) is built in and cannot be changed.")
        }
    }
}

extension ArgumentKind<String> {
    fileprivate static var scopeDescription: ArgumentKind {
        ArgumentKind("DESCRIPTION", "1 to 200 printable characters in one line") {
            ScopeDefinition.description($0)
        }
    }
}
