package import TesseraDatabase

/// A statement with the values of its parameters: one of those that a change is made of.
///
/// A parameter has the type of the value that it is given. Where a null could stand for anything, the text says which:
/// `$1::uuid`.
package struct PostgresStep: Sendable {
    package let statement: SQLText
    package let values: [PostgresValue]

    /// Creates a step.
    package init(_ statement: SQLText, _ values: [PostgresValue] = []) {
        self.statement = statement
        self.values = values
    }
}
