public import TesseraCore
public import TesseraSQLite
public import TesseraTime

/// The check of an authorization in the transaction of the change that it authorizes. SQLite has one writer at a time, so
/// that nothing can come between the two.
extension SQLiteConnection {
    private static let account = "u.id = ?3 AND u.disabled_at IS NULL AND (u.is_operator OR NOT ?4)"

    private static let usableToken = SQLText(
        """
        SELECT u.number FROM api_token AS t JOIN user AS u ON u.number = t.user_number
        WHERE t.id = ?1 AND t.revoked_at IS NULL AND t.suspended_at IS NULL
            AND (t.expires_at IS NULL OR t.expires_at > ?2) AND \(account)
        """)
    private static let liveSession = SQLText(
        """
        SELECT u.number FROM session AS s JOIN user AS u ON u.number = s.user_number
        WHERE s.id = ?1 AND s.expires_at > ?2 AND \(account)
        """)

    /// Repeats the check of a caller, in the transaction that ``SQLiteDatabase/write(_:)`` has begun. For a program that
    /// keeps its own tables in the file:
    ///
    /// ```swift
    /// try await database.write { connection in
    ///     try connection.require(caller.authorization, at: now)
    ///     try connection.execute("DELETE FROM treasure WHERE id = ?", [.blob(id.bytes)])
    /// }
    /// ```
    ///
    /// - Throws: ``StoreError/authorizationEnded``, with which nothing of the transaction happens; the server answers it as
    ///   it answers a caller whose credentials have ended.
    public func require(_ authorization: Authorization, at now: NumericDate) throws(StoreError) {
        guard try held(authorization, at: now) != nil else { throw .authorizationEnded }
    }

    /// Repeats the check of a caller.
    ///
    /// - Returns: `nil` when the authorization has ended.
    func held(_ authorization: Authorization, at now: NumericDate) throws(StoreError) -> HeldAuthorization? {
        guard let condition = authorization.condition else { return HeldAuthorization(account: nil) }
        let (sql, id): (SQLText, SQLiteValue) =
            switch condition.credential {
            case .session(let id): (Self.liveSession, .identifier(id))
            case .token(let id): (Self.usableToken, .identifier(id))
            }
        let values = [
            id, .instant(now), .identifier(condition.user), .boolean(condition.needsOperator),
        ]
        do {
            return try first(sql, values) { row in HeldAuthorization(account: try row.integer(0)) }
        } catch {
            throw StoreError(wrapping: error)
        }
    }
}

/// An authorization that holds in the present transaction.
struct HeldAuthorization {
    /// The number of the caller's account; `nil` where the authorization has no condition.
    let account: Int64?
}

extension SQLiteStore {
    /// Makes a change if its authorization holds, and tells the observers before it returns.
    func changing<Value: Sendable>(
        _ change: StoreChange?, by authorization: Authorization, at now: NumericDate,
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws(StoreError) -> Value {
        try await observers.telling(change) { () async throws(StoreError) in
            try await database.writing(by: authorization, at: now, body)
        }
    }

    /// Makes a change of one token, and tells the observers of the change that its outcome stands for.
    func changing<Value: Sendable>(
        by authorization: Authorization, at now: NumericDate, _ change: (Value) -> StoreChange?,
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws(StoreError) -> Value {
        try await observers.telling(change, ifItFails: .anyToken) { () async throws(StoreError) in
            try await database.writing(by: authorization, at: now, body)
        }
    }
}

extension SQLiteDatabase {
    /// Writes a change if its authorization holds.
    ///
    /// A condition that does not hold is an answer and no failure of the transaction, which others may share.
    func writing<Value: Sendable>(
        by authorization: Authorization, at now: NumericDate,
        _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
    ) async throws(StoreError) -> Value {
        let value: Value? = try await writing { connection in
            guard try connection.held(authorization, at: now) != nil else { return nil }
            return try body(connection)
        }
        guard let value else { throw .authorizationEnded }
        return value
    }
}
