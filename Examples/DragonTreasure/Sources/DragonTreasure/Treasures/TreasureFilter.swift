import TesseraCore
import TesseraServer
import TesseraStores

/// Which treasures a list shows: what the query asks for, and of that what the viewer may see.
struct TreasureFilter: Sendable {
    /// What must hold of a row, as SQL. None of it comes from the outside, which the type shows; values are bound.
    private(set) var conditions: [StaticString] = []
    private(set) var values: [SQLiteValue] = []

    /// Takes the filters from a query.
    ///
    /// - Parameters:
    ///   - owner: Shows the treasures of this user alone.
    ///   - viewer: Who looks; `nil` for somebody who is not signed in. Not an option of a caller: there is no
    ///     filter without the condition on what may be seen.
    init(from query: inout QueryReader, owner: User.ID?, viewer: User?) throws {
        // `instr` and not LIKE: a text that is looked for has no patterns in it. `lower` knows ASCII letters only.
        if let text = try query.text("name") { require("instr(lower(name), lower(?))", .text(text)) }
        if let text = try query.text("description") {
            require("instr(lower(description), lower(?))", .text(text))
        }
        if let bound = try query.integer("value[gt]") { require("value > ?", .integer(bound)) }
        if let bound = try query.integer("value[gte]") { require("value >= ?", .integer(bound)) }
        if let bound = try query.integer("value[lt]") { require("value < ?", .integer(bound)) }
        if let bound = try query.integer("value[lte]") { require("value <= ?", .integer(bound)) }
        if let published = try query.boolean("is_published") {
            require("is_published = ?", .boolean(published))
        }
        if let owner { require("owner = ?", .blob(owner.bytes)) }
        requireVisibility(to: viewer)
    }

    /// What a query may ask for.
    static let parameters: [APIOperation.Parameter] = [
        .query("name", .queryText, "What the name contains; ASCII letters in either case."),
        .query("description", .queryText, "What the description contains; ASCII letters in either case."),
        .query("value[gt]", .integer(), "Worth more than this."),
        .query("value[gte]", .integer(), "Worth this or more."),
        .query("value[lt]", .integer(), "Worth less than this."),
        .query("value[lte]", .integer(), "Worth this or less."),
        .query("is_published", .bool, "Whether everybody may see it."),
    ]

    private mutating func requireVisibility(to viewer: User?) {
        guard let viewer else { return require("is_published = ?", .boolean(true)) }
        if !viewer.isOperator { require("(is_published OR owner = ?)", .blob(viewer.id.bytes)) }
    }

    private mutating func require(_ condition: StaticString, _ value: SQLiteValue) {
        conditions.append(condition)
        values.append(value)
    }
}

extension JSONSchema {
    /// Text to look for. No query holds a NUL: the authority refuses it before it reaches anybody.
    fileprivate static let queryText = string(pattern: #"^[^\u0000]*$"#)
}
