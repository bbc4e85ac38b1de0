import TesseraCore
import TesseraTime

/// The check of an authorization, in the transaction of the change that it authorizes.
///
/// The row of an account is the lock for everything that gives access to it. A change that begins or ends access (sessions,
/// tokens, the password, the account itself) first locks this row and that of the caller, in a statement of its own. The
/// later statements see everything that was committed before the lock was granted, and nothing that they see can end before
/// the commit. Without the lock, a creation and a revocation at the same moment could miss each other.
extension PostgresStore {
    /// The account whose access a change begins or ends.
    enum Subject {
        case account(User.ID)
        case ownerOfToken(AccessToken.ID)
        case userOfSession(Session.ID)
    }

    /// Locks the accounts of the caller and of the change, in the order of their identifiers.
    private static func lockAccounts(_ concerned: String) -> SQLText {
        SQLText(
            """
            SELECT FROM account WHERE id = ANY (ARRAY[$1::uuid, (\(concerned))]) ORDER BY id FOR NO KEY UPDATE
            """)
    }

    private static let lockAccount = lockAccounts("$2::uuid")
    private static let lockOwnerOfToken = lockAccounts(
        "SELECT account_id FROM api_token WHERE id = $2::uuid")
    private static let lockUserOfSession = lockAccounts(
        "SELECT account_id FROM session WHERE id = $2::uuid")
    /// A lock with which other creations can run at the same time, but no change that ends access.
    private static let shareAccount = SQLText("SELECT FROM account WHERE id = $1 FOR SHARE")

    private static let account = "a.id = $3 AND a.disabled_at IS NULL AND (a.is_operator OR NOT $4::boolean)"

    // A condition that does not hold asks for the logarithm of zero, so the whole transaction fails. No other statement does
    // this, so the error is unambiguous. See `PostgresFailure.isEndedAuthorization`.
    private static let requireToken = SQLText(
        """
        SELECT ln(count(*)) FROM api_token AS t JOIN account AS a ON a.id = t.account_id
        WHERE t.id = $1 AND t.revoked_at IS NULL AND t.suspended_at IS NULL
            AND (t.expires_at IS NULL OR t.expires_at > $2) AND \(account)
        """)
    private static let requireSession = SQLText(
        """
        SELECT ln(count(*)) FROM session AS s JOIN account AS a ON a.id = s.account_id
        WHERE s.id = $1 AND s.expires_at > $2 AND \(account)
        """)

    /// Makes a change that begins or ends access to an account, if the authorization holds.
    ///
    /// - Parameters:
    ///   - change: The change that the observers are told of; `nil` for none.
    ///   - outcome: Reads the results of `steps`.
    func change<Value: Sendable>(
        _ steps: [PostgresStep], of subject: Subject, by authorization: Authorization, at now: NumericDate,
        telling change: StoreChange? = nil, _ outcome: (PostgresAnswers) throws -> Value
    ) async throws(StoreError) -> Value {
        try await observers.telling(change) { () async throws(StoreError) in
            try await makeChange(steps, of: subject, by: authorization, at: now, outcome)
        }
    }

    /// Makes a change of one token, and tells the observers of the change that its outcome stands for.
    func change<Value: Sendable>(
        _ steps: [PostgresStep], ofToken id: AccessToken.ID, by authorization: Authorization,
        at now: NumericDate, telling change: (Value) -> StoreChange?,
        _ outcome: (PostgresAnswers) throws -> Value
    ) async throws(StoreError) -> Value {
        try await observers.telling(change, ifItFails: .anyToken) { () async throws(StoreError) in
            try await makeChange(steps, of: .ownerOfToken(id), by: authorization, at: now, outcome)
        }
    }

    private func makeChange<Value: Sendable>(
        _ steps: [PostgresStep], of subject: Subject, by authorization: Authorization, at now: NumericDate,
        _ outcome: (PostgresAnswers) throws -> Value
    ) async throws(StoreError) -> Value {
        let caller = PostgresValue.identifier(authorization.condition?.user)
        let lock =
            switch subject {
            case .account(let id): PostgresStep(Self.lockAccount, [caller, .identifier(id)])
            case .ownerOfToken(let id): PostgresStep(Self.lockOwnerOfToken, [caller, .identifier(id)])
            case .userOfSession(let id): PostgresStep(Self.lockUserOfSession, [caller, .identifier(id)])
            }
        let before = [lock] + Self.check(authorization, at: now)
        return try await database.change(before + steps, locking: .several) { answers in
            try outcome(answers.behind(before.count))
        }
    }

    /// Makes a change that creates something for a caller, if the authorization holds. Many such changes share a transaction.
    ///
    /// - Parameter outcome: Reads the results of `steps`.
    func create<Value: Sendable>(
        _ steps: [PostgresStep], by authorization: Authorization, at now: NumericDate,
        locking lock: PostgresLock? = nil, _ outcome: (PostgresAnswers) throws -> Value
    ) async throws(StoreError) -> Value {
        guard let user = authorization.condition?.user else {
            return try await database.change(steps, locking: lock ?? .none, outcome)
        }
        let share = PostgresStep(Self.shareAccount, [.identifier(user)])
        let before = [share] + Self.check(authorization, at: now)
        return try await database.change(before + steps, locking: lock ?? .row(user)) { answers in
            try outcome(answers.behind(before.count))
        }
    }

    /// The statement that repeats the check of a caller whose account is locked; none where the authorization has no condition.
    static func check(_ authorization: Authorization, at now: NumericDate) -> [PostgresStep] {
        guard let condition = authorization.condition else { return [] }
        let (statement, id): (SQLText, PostgresValue) =
            switch condition.credential {
            case .session(let id): (requireSession, .identifier(id))
            case .token(let id): (requireToken, .identifier(id))
            }
        return [
            PostgresStep(
                statement,
                [id, .instant(now), .identifier(condition.user), .boolean(condition.needsOperator)])
        ]
    }
}
