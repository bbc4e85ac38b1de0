import TesseraCore
import TesseraServer

/// `tessera scope add NAME DESCRIPTION`
enum ScopeAdd {
    private static let name = Parameter.positional(.scope, "What programs call it, such as repo:read.")
    private static let description = Parameter.positional(
        .scopeDescription, "What it allows, for the people who grant it.")
    private static let forOperators = Parameter.flag("--for-operators", "Only operators may grant it.")

    static let command = Command(
        "add", "Add a permission to the catalogue, or change its words.",
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

    /// Tessera's own scopes would be back as they were at the next start.
    static func refuseBuiltIn(_ name: ScopeToken) throws(Failure) {
        guard !ScopeDefinition.builtIn.contains(where: { $0.name == name }) else {
            throw Failure("\(name) belongs to Tessera and stays as it is.")
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
