/// One run of a command: its values and its console.
struct Invocation: Sendable {
    private let values: [String: any Sendable]
    /// The use that the command makes of the database.
    let database: DatabaseUse
    let console: Console

    init(_ values: [String: any Sendable], of command: Command, console: Console) {
        self.values = values
        database = command.database
        self.console = console
    }

    /// The value of a parameter that the command declares.
    subscript<Value>(_ parameter: Parameter<Value>) -> Value {
        guard let value = values[parameter.shape.name] as? Value else {
            preconditionFailure("the command does not declare \(parameter.shape.name)")
        }
        return value
    }
}
