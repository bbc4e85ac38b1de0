/// A command: either a group of commands or a runnable one.
struct Command: Sendable {
    typealias Action = @Sendable (Invocation) async throws -> Void

    let name: String
    /// A sentence that describes the command.
    let summary: String
    /// Further explanation for the help of this command.
    let details: String
    /// Complete command lines.
    let examples: [String]
    /// The parameters, in the order of the help and of positional arguments.
    let parameters: [any AnyParameter]
    let subcommands: [Command]
    /// The use of the database; none for a group.
    let database: DatabaseUse
    /// The code to run; `nil` for a group.
    let action: Action?

    /// Makes a runnable command.
    init(
        _ name: String, _ summary: String, details: String = "", parameters: [any AnyParameter] = [],
        examples: [String] = [], database: DatabaseUse, action: @escaping Action
    ) {
        self.name = name
        self.summary = summary
        self.details = details
        self.examples = examples
        self.parameters = parameters
        subcommands = []
        self.database = database
        self.action = action
    }

    /// Makes a group of commands.
    init(
        _ name: String, _ summary: String, details: String = "", examples: [String] = [],
        subcommands: [Command]
    ) {
        self.name = name
        self.summary = summary
        self.details = details
        self.examples = examples
        parameters = []
        self.subcommands = subcommands
        database = .none
        action = nil
    }

    /// The environment variables that this command and its subcommands read.
    var environmentNames: Set<String> {
        subcommands.reduce(into: Set(parameters.compactMap(\.shape.environment))) {
            $0.formUnion($1.environmentNames)
        }
    }
}
