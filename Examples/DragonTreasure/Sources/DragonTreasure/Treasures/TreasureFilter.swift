import Tessera

/// The conditions of a list of treasures: those of the query, and the rights of the viewer.
struct TreasureFilter: Sendable {
    /// The conditions that a row must meet, in SQL that both databases understand. None of it comes from the outside; values
    /// are bound to the parameters.
    private(set) var conditions: [String] = []
    private(set) var values: [SQLValue] = []

    /// Takes the filters from a query.
    ///
    /// - Parameters:
    ///   - owner: Shows the treasures of this user alone.
    ///   - viewer: The caller; `nil` for a caller who is not signed in. Not an option of the handler: there is no filter
    ///     without the condition on visibility.
    init(from query: inout QueryReader, owner: User.ID?, viewer: User?) throws {
        if let text = try query.text("name") { requireText(text, in: "name") }
        if let text = try query.text("description") { requireText(text, in: "description") }
        if let bound = try query.integer("value[gt]") { require(.integer(bound)) { "value > \($0)" } }
        if let bound = try query.integer("value[gte]") { require(.integer(bound)) { "value >= \($0)" } }
        if let bound = try query.integer("value[lt]") { require(.integer(bound)) { "value < \($0)" } }
        if let bound = try query.integer("value[lte]") { require(.integer(bound)) { "value <= \($0)" } }
        if let published = try query.boolean("is_published") {
            require(.boolean(published)) { "is_published = \($0)" }
        }
        if let owner { require(.identifier(owner)) { "owner = \($0)" } }
        requireVisibility(to: viewer)
    }

    /// The parameters of a query.
    static let parameters: [APIOperation.Parameter] = [
        .query("name", .queryText, "A part of the name; ASCII letters in either case."),
        .query("description", .queryText, "A part of the description; ASCII letters in either case."),
        .query("value[gt]", .integer(), "Worth more than this."),
        .query("value[gte]", .integer(), "Worth this or more."),
        .query("value[lt]", .integer(), "Worth less than this."),
        .query("value[lte]", .integer(), "Worth this or less."),
        .query("is_published", .bool, "Selects treasures by whether every visitor may see them."),
    ]

    /// A text contains another one if it changes when that is taken out of it. A pattern for LIKE would have to be escaped, and
    /// the two databases have no other function in common. Both know `lower` for ASCII letters.
    private mutating func requireText(_ text: String, in column: String) {
        guard !text.isEmpty else { return }
        let lowercased = String(
            decoding: text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
        require(.text(lowercased)) { "replace(lower(\(column)), \($0), '') <> lower(\(column))" }
    }

    private mutating func requireVisibility(to viewer: User?) {
        guard let viewer else { return require(.boolean(true)) { "is_published = \($0)" } }
        if viewer.isOperator { return require(.boolean(true)) { "\($0)" } }
        require(.identifier(viewer.id)) { "(is_published OR owner = \($0))" }
    }

    /// - Parameter condition: Makes the condition, given the parameter that stands for the value.
    private mutating func require(_ value: SQLValue, _ condition: (_ parameter: String) -> String) {
        values.append(value)
        conditions.append(condition("$\(values.count)"))
    }
}

extension JSONSchema {
    /// Text to look for. No query holds a NUL: the authority refuses it before the handler runs.
    fileprivate static let queryText = string(pattern: #"^[^\u0000]*$"#)
}
