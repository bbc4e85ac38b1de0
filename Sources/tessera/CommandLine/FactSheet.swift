/// Names and values, one pair on each line, with the values in one column.
struct FactSheet: CustomStringConvertible {
    private let facts: [(name: String, value: String)]

    init(_ facts: [(String, String)]) {
        self.facts = facts.map { ($0, Printable.escaped($1)) }
    }

    /// The text without a line end after the last line.
    var description: String {
        let width = facts.map(\.name.count).max() ?? 0
        return facts.map { name, value in
            name + String(repeating: " ", count: width + 2 - name.count) + value
        }.joined(separator: "\n")
    }
}
