package import TesseraDatabase

/// A statement with the values of its parameters: one step of a change.
///
/// A parameter has the type of its value. Where the type of a null would be ambiguous, the text names it: `$1::uuid`.
package struct PostgresStep: Sendable {
    /// The statement.
    package let statement: SQLText
    /// The values of the parameters.
    package let values: [PostgresValue]

    /// Creates a step.
    package init(_ statement: SQLText, _ values: [PostgresValue] = []) {
        self.statement = statement
        self.values = values
    }
}
