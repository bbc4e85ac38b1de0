/// A statement with the values of its parameters: one of those that a change is made of.
///
/// A parameter has the type of the value that it is given. Where a null could stand for anything, the text says which:
/// `$1::uuid`.
struct PostgresStep: Sendable {
    let statement: SQLText
    let values: [PostgresValue]

    init(_ statement: SQLText, _ values: [PostgresValue] = []) {
        self.statement = statement
        self.values = values
    }
}
