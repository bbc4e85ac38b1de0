import Synchronization

/// The text of a statement that is used again and again. Each connection prepares it when it first needs it.
///
/// A parameter has the type of the value that it is given. Where a null could stand for anything, the text says which:
/// `$1::uuid`.
struct PostgresStatement: Sendable {
    let text: String
    /// Its place in what every connection knows of its prepared statements, so that finding it costs no hashing.
    let slot: Int

    private static let count = Atomic<Int>(0)

    /// - Parameter text: Made once, as a `static let`: every call takes a place for good.
    init(_ text: String) {
        self.text = text
        slot = Self.count.wrappingAdd(1, ordering: .relaxed).oldValue
    }
}

/// A statement with the values of its parameters: one of those that a change is made of.
struct PostgresStep: Sendable {
    let statement: PostgresStatement
    let values: [PostgresValue]

    init(_ statement: PostgresStatement, _ values: [PostgresValue] = []) {
        self.statement = statement
        self.values = values
    }
}
