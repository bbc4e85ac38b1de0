import TesseraCore
import TesseraJOSE
public import TesseraStores

/// Keeps treasures in a table of its own, in the file that Tessera keeps its tables in.
///
/// When a method that changes something returns, the change is durable. Each takes the authorization of the caller and
/// requires it in the transaction of the change: a request takes time, and its token may be revoked meanwhile. The error of
/// an authorization that has ended needs no care, Tessera answers it with 401. All of them throw `StoreError` when the file
/// cannot be read or written, which is answered with 503.
public struct TreasureStore: Sendable {
    private let database: SQLiteDatabase

    /// - Parameter database: Migrated with `Migrator.tessera` and `Migrator.dragonTreasure`.
    public init(_ database: SQLiteDatabase) { self.database = database }

    func treasure(_ id: Treasure.ID) throws -> Treasure? {
        try database.read { connection in
            try Self.treasure(id, in: connection)
        }
    }

    /// One page of the treasures that a filter lets through.
    ///
    /// In the order in which they were made, so that a new one moves none to another page while somebody is reading. A
    /// filter by text looks at every row, which is no work for an event loop: another thread does it.
    func page(_ number: PageNumber, of filter: TreasureFilter) async throws -> Page<Treasure> {
        let conditions =
            filter.conditions.isEmpty
            ? "true" : filter.conditions.map(\.description).joined(separator: " AND ")
        let window: [SQLiteValue] = [.integer(PageNumber.size), .integer(number.offset)]
        return try await withTaskExecutorPreference(globalConcurrentExecutor) {
            try database.read { connection in
                let total = try connection.first(
                    "SELECT count(*) FROM treasure WHERE \(conditions)", filter.values
                ) { row in try row.integer(0) }
                let items = try connection.query(
                    "SELECT \(Self.columns) FROM treasure WHERE \(conditions) ORDER BY id LIMIT ? OFFSET ?",
                    filter.values + window, Self.read)
                return Page(number: number, items: items, total: Int(total ?? 0))
            }
        }
    }

    func insert(_ treasure: Treasure, by authorization: Authorization, at now: NumericDate) async throws {
        try await database.write { connection in
            try connection.require(authorization, at: now)
            try Self.insertMissing(treasure, in: connection)
        }
    }

    /// Adds those whose identifier is not there yet, all together or none.
    func insertMissing(_ treasures: [Treasure]) async throws {
        try await database.write { connection in
            for treasure in treasures { try Self.insertMissing(treasure, in: connection) }
        }
    }

    private static func insertMissing(_ treasure: Treasure, in connection: SQLiteConnection) throws {
        try connection.execute(
            "INSERT INTO treasure (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            [.blob(treasure.id.bytes), .blob(treasure.owner.bytes)] + values(of: treasure))
    }

    /// Changes a treasure in one transaction: nobody else's change comes between reading and writing.
    ///
    /// - Returns: The treasure as it is now; `nil` when there is none.
    func change(
        _ id: Treasure.ID, by authorization: Authorization, at now: NumericDate,
        _ change: @escaping @Sendable (inout Treasure) -> Void
    ) async throws -> Treasure? {
        try await database.write { connection in
            try connection.require(authorization, at: now)
            guard var treasure = try Self.treasure(id, in: connection) else { return nil }
            change(&treasure)
            try connection.execute(
                """
                UPDATE treasure SET name = ?, description = ?, value = ?, cool_factor = ?, is_published = ?, plundered_at = ?
                WHERE id = ?
                """, Self.values(of: treasure) + [.blob(id.bytes)])
            return treasure
        }
    }

    /// - Returns: `false` when there is no such treasure.
    @discardableResult
    func remove(
        _ id: Treasure.ID, by authorization: Authorization, at now: NumericDate
    ) async throws -> Bool {
        try await database.write { connection in
            try connection.require(authorization, at: now)
            return try connection.execute("DELETE FROM treasure WHERE id = ?", [.blob(id.bytes)]) > 0
        }
    }
}

// Rows. What all statements share is written once, in one order.
extension TreasureStore {
    private static let columns =
        "id, owner, name, description, value, cool_factor, is_published, plundered_at"

    /// What can change, in the order of the columns.
    private static func values(of treasure: Treasure) -> [SQLiteValue] {
        [
            .text(treasure.name), .text(treasure.description), .integer(treasure.value),
            .integer(treasure.coolFactor), .boolean(treasure.isPublished),
            .integer(treasure.plunderedAt?.milliseconds),
        ]
    }

    private static func treasure(
        _ id: Treasure.ID, in connection: SQLiteConnection
    ) throws -> Treasure? {
        try connection.first(
            "SELECT \(columns) FROM treasure WHERE id = ?", [.blob(id.bytes)], read)
    }

    private static func read(_ row: borrowing SQLiteRow) throws -> Treasure {
        guard let id = Treasure.ID(bytes: try row.blob(0)), let owner = User.ID(bytes: try row.blob(1)) else {
            throw StoreError(.corrupt, "An identifier in the table treasure is not 16 bytes long.")
        }
        var treasure = Treasure(id: id, owner: owner, name: try row.text(2), description: try row.text(3))
        treasure.value = try row.integer(4)
        treasure.coolFactor = try row.integer(5)
        treasure.isPublished = try row.boolean(6)
        treasure.plunderedAt = try row.integerOrNil(7).map { NumericDate(milliseconds: $0) }
        return treasure
    }
}
