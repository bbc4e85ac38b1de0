/// One command: a group of others, or something that can be run.
struct Command: Sendable {
    typealias Action = @Sendable (Invocation) async throws -> Void

    let name: String
    /// What it does, in a sentence.
    let summary: String
    /// What else there is to say, in the help of this command.
    let details: String
    /// Whole lines as one would type them.
    let examples: [String]
    /// In the order of the help; by position in this order.
    let parameters: [any AnyParameter]
    let subcommands: [Command]
    /// The use that it makes of the database; none for a group.
    let database: DatabaseUse
    /// What it does; `nil` for a group.
    let action: Action?

    /// A command that is run.
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

    /// A group of commands.
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

    /// Everything in this command and below it that can be set by an environment variable.
    var environmentNames: Set<String> {
        subcommands.reduce(into: Set(parameters.compactMap(\.shape.environment))) {
            $0.formUnion($1.environmentNames)
        }
    }
}
