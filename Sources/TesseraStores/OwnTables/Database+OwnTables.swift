public import TesseraCore
public import TesseraTime

/// The tables that an embedding program keeps in the database of Tessera, on SQLite or PostgreSQL.
///
/// A change is a list of statements that happen together or not at all, and that decide in SQL. The program reads nothing in
/// between, so PostgreSQL holds no lock while a message is on the network.
extension Database {
    /// Reads the rows that a statement returns. The statement must change nothing.
    ///
    /// On SQLite it reads on the calling thread, for some microseconds if the rows are in memory.
    ///
    /// - Parameter read: Makes a value of a row, which must not be kept.
    /// - Returns: The values in the order of the rows.
    /// - Throws: ``StoreError``, never with a value in it. An error of `read` becomes one.
    public func rows<Value: Sendable>(
        _ statement: SQLStatement, _ read: (borrowing SQLRow) throws -> Value
    ) async throws(StoreError) -> [Value] {
        switch self {
        case .sqlite(let database):
            try database.reading { connection in
                try connection.query(statement.sqliteText, statement.sqliteValues) { row in
                    try read(SQLRow(row))
                }
            }
        case .postgres(let database):
            try await database.rows(statement, read)
        }
    }

    /// Reads the first row that a statement returns; see ``rows(_:_:)``.
    public func first<Value: Sendable>(
        _ statement: SQLStatement, _ read: (borrowing SQLRow) throws -> Value
    ) async throws(StoreError) -> Value? {
        try await rows(statement, read).first
    }

    /// Changes rows for a caller. When this returns, the change is durable.
    ///
    /// The transaction of the change repeats the check of the caller, so that nothing changes for a token or a session that was
    /// revoked after the request began.
    ///
    /// - Parameters:
    ///   - statements: The statements in their order; all of them happen, or none.
    ///   - authorization: The caller's `Caller.authorization`; `.system` for a change without a caller.
    ///   - now: The instant at which the caller's credentials must be valid.
    ///   - read: Makes a value of a row that the last statement returns (`RETURNING`).
    /// - Returns: The values of the rows that the last statement returns.
    /// - Throws: ``StoreError``, never with a value in it: `.authorizationEnded` when the caller's credentials have ended. The
    ///   server answers this error as it answers a request that begins with such credentials.
    public func change<Value: Sendable>(
        _ statements: [SQLStatement], by authorization: Authorization, at now: NumericDate,
        returning read: @escaping @Sendable (borrowing SQLRow) throws -> Value
    ) async throws(StoreError) -> [Value] {
        switch self {
        case .sqlite(let database):
            try await database.writing(by: authorization, at: now) { connection in
                for statement in statements.dropLast() {
                    try connection.execute(statement.sqliteText, statement.sqliteValues)
                }
                guard let last = statements.last else { return [] }
                return try connection.query(last.sqliteText, last.sqliteValues) { row in
                    try read(SQLRow(row))
                }
            }
        case .postgres(let database):
            try await PostgresStore(database: database)
                .changeOwnTables(statements, by: authorization, at: now, returning: read)
        }
    }

    /// Changes rows for a caller, without a result; see ``change(_:by:at:returning:)``.
    public func change(
        _ statements: [SQLStatement], by authorization: Authorization, at now: NumericDate
    ) async throws(StoreError) {
        _ = try await change(statements, by: authorization, at: now) { _ in }
    }

    /// Applies the pending migrations of a program's own schema, after those of Tessera.
    ///
    /// - Parameters:
    ///   - sqlite: The migrations for SQLite.
    ///   - postgres: The migrations for PostgreSQL.
    /// - Returns: The migrations that this call has applied.
    @discardableResult
    public func migrate(
        sqlite: Migrator, postgres: Migrator
    ) async throws(StoreError) -> [Migrator.Status] {
        switch self {
        case .sqlite(let database): try await sqlite.up(database)
        case .postgres(let database): try await postgres.up(database)
        }
    }
}

extension PostgresDatabase {
    fileprivate func rows<Value: Sendable>(
        _ statement: SQLStatement, _ read: (borrowing SQLRow) throws -> Value
    ) async throws(StoreError) -> [Value] {
        let step = try statement.postgresStep()
        return try await query(step.statement, step.values) { row in try read(SQLRow(row)) }
    }
}

extension PostgresStore {
    /// Changes tables of a program. The rows that its statements lock are unknown here, so the change shares its transaction with
    /// no other.
    fileprivate func changeOwnTables<Value: Sendable>(
        _ statements: [SQLStatement], by authorization: Authorization, at now: NumericDate,
        returning read: @Sendable (borrowing SQLRow) throws -> Value
    ) async throws(StoreError) -> [Value] {
        var steps: [PostgresStep] = []
        for statement in statements { steps.append(try statement.postgresStep()) }
        let last = steps.count - 1
        return try await create(steps, by: authorization, at: now, locking: .several) { answers in
            last < 0 ? [] : try answers.rows(last) { row in try read(SQLRow(row)) }
        }
    }
}
