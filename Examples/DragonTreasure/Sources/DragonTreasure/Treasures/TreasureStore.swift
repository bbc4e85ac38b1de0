public import Tessera

/// Keeps treasures in a table of its own, in the database in which Tessera keeps its tables: a SQLite file, or PostgreSQL.
///
/// When a method that changes something returns, the change is durable. Each change takes the authorization of its caller,
/// and nothing happens when the caller's credentials have ended since the request began. All methods throw `StoreError` when
/// the database cannot be read or written, which Tessera answers with 503.
public struct TreasureStore: Sendable {
    private let database: Database

    /// - Parameter database: Migrated with Tessera's migrations and those of ``Migrator/dragonTreasure``.
    public init(_ database: Database) { self.database = database }

    func treasure(_ id: Treasure.ID) async throws -> Treasure? {
        try await database.first(
            SQLStatement("SELECT \(Self.columns) FROM treasure WHERE id = $1", [.identifier(id)]), Self.read)
    }

    /// One page of the treasures that a filter lets through.
    ///
    /// They come in the order in which they were made, so that a new one moves none to another page while a client is
    /// reading. A filter by text looks at every row, which is no work for an event loop: another thread does it.
    func page(_ number: PageNumber, of filter: TreasureFilter) async throws -> Page<Treasure> {
        let table = "FROM treasure WHERE \(filter.conditions.joined(separator: " AND "))"
        let count = SQLStatement("SELECT count(*) \(table)", filter.values)
        let next = filter.values.count + 1
        let window = SQLStatement(
            "SELECT \(Self.columns) \(table) ORDER BY id LIMIT $\(next) OFFSET $\(next + 1)",
            filter.values + [.integer(PageNumber.size), .integer(number.offset)])
        return try await withTaskExecutorPreference(globalConcurrentExecutor) {
            let total = try await database.first(count) { row in try row.integer(0) }
            let items = try await database.rows(window, Self.read)
            return Page(number: number, items: items, total: Int(total ?? 0))
        }
    }

    func insert(_ treasure: Treasure, by authorization: Authorization, at now: NumericDate) async throws {
        try await insertMissing([treasure], by: authorization, at: now)
    }

    /// Adds those whose identifier is not there yet, all together or none.
    func insertMissing(
        _ treasures: [Treasure], by authorization: Authorization, at now: NumericDate
    ) async throws {
        let statements = treasures.map { treasure in
            SQLStatement(
                """
                INSERT INTO treasure (\(Self.columns)) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                ON CONFLICT (id) DO NOTHING
                """,
                [
                    .identifier(treasure.id), .identifier(treasure.owner), .text(treasure.name),
                    .text(treasure.description), .integer(treasure.value), .integer(treasure.coolFactor),
                    .boolean(treasure.isPublished), .instant(treasure.plunderedAt),
                ])
        }
        try await database.change(statements, by: authorization, at: now)
    }

    /// Changes the members that are named, in one statement: two changes at once both count.
    ///
    /// - Returns: The treasure as it is now; `nil` when there is none.
    func change(
        _ id: Treasure.ID, to members: TreasureMembers, by authorization: Authorization, at now: NumericDate
    ) async throws -> Treasure? {
        let namesPlunder = members.plunderedAt != nil
        let update = SQLStatement(
            """
            UPDATE treasure SET name = coalesce($2, name), description = coalesce($3, description),
                value = coalesce($4, value), cool_factor = coalesce($5, cool_factor),
                is_published = coalesce($6, is_published),
                plundered_at = CASE WHEN $7 THEN $8 ELSE plundered_at END
            WHERE id = $1 RETURNING \(Self.columns)
            """,
            [
                .identifier(id), .text(members.name), .text(members.description), .integer(members.value),
                .integer(members.coolFactor), .boolean(members.isPublished), .boolean(namesPlunder),
                .instant(members.plunderedAt ?? nil),
            ])
        return try await database.change([update], by: authorization, at: now, returning: Self.read).first
    }

    func remove(_ id: Treasure.ID, by authorization: Authorization, at now: NumericDate) async throws {
        try await database.change(
            [SQLStatement("DELETE FROM treasure WHERE id = $1", [.identifier(id)])], by: authorization,
            at: now)
    }

    private static let columns =
        "id, owner, name, description, value, cool_factor, is_published, plundered_at"

    @Sendable private static func read(_ row: borrowing SQLRow) throws -> Treasure {
        var treasure = Treasure(
            id: try row.identifier(0), owner: try row.identifier(1), name: try row.text(2),
            description: try row.text(3))
        treasure.value = try row.integer(4)
        treasure.coolFactor = try row.integer(5)
        treasure.isPublished = try row.boolean(6)
        treasure.plunderedAt = try row.instantOrNil(7)
        return treasure
    }
}
