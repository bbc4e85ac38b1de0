import TesseraCore

/// The table of permissions.
extension ScopeDefinition {
    static let columns = [
        Column("name", .text), Column("description", .text), Column("is_for_operators", .boolean),
    ]

    /// The values of ``columns``.
    func values<Value: BoundValue>() -> [Value] {
        [.text(name.text), .text(description), .boolean(isForOperators)]
    }

    init(_ row: borrowing some ResultRow & ~Copyable) throws(StoreError) {
        guard let name = ScopeToken(try row.text(0)) else { throw row.unexpected(0) }
        self.init(name, try row.text(1), isForOperators: try row.boolean(2))
    }
}
