public import TesseraCore
import TesseraTime

extension PostgresStore: UserStore {
    private static let columns = User.columns.names(of: "account")

    // An address that is taken changes nothing. Of two additions at once, the second waits for the first.
    private static let insertAccount = SQLText(
        """
        WITH added AS (
            INSERT INTO account (\(User.storedColumns.names))
            SELECT \(User.storedColumns.parameters().joined(separator: ", "))
            WHERE NOT EXISTS (SELECT FROM irregular_address WHERE email_key = $2)
                AND NOT \(isKept("$2", from: "$1", since: "$17"))
            ON CONFLICT (email) DO NOTHING RETURNING id, \(revision) AS revision),
        event AS (\(insertEvent(9, if: "added")))
        SELECT revision FROM added
        """)
    private static let accountByID = SQLText("SELECT \(columns) FROM account WHERE id = $1")
    private static let accountByEmail = SQLText(
        "SELECT \(columns), password_hash, \(revision) FROM account WHERE email = $1")
    // Identifiers rise with time.
    private static let accounts = SQLText(
        "SELECT \(columns) FROM account WHERE id > $1 ORDER BY id LIMIT $2")
    // With the collation of bytes, which the columns have, lower() changes only ASCII letters, as the contract requires.
    private static let matchingAccounts = SQLText(
        """
        SELECT \(columns) FROM account
        WHERE id > $1 AND (strpos(lower(email), lower($2::text COLLATE "C")) > 0
            OR strpos(lower(email_text), lower($2::text COLLATE "C")) > 0
            OR strpos(lower(username), lower($2::text COLLATE "C")) > 0)
        ORDER BY id LIMIT $3
        """)
    // The account was locked before, so `old` is the row that the update changes. If another account takes the address at the
    // same moment, the statement fails, runs again, and then finds the address taken.
    private static let updateAccount = SQLText(
        """
        WITH old AS (SELECT email, coalesce(email_text, email) AS shown FROM account WHERE id = $1),
        changed AS (
            UPDATE account SET email = $2, username = $3, is_operator = $4, email_text = $5
            WHERE id = $1 AND NOT EXISTS (SELECT FROM account AS other WHERE other.email = $2 AND other.id <> $1)
                AND NOT EXISTS (SELECT FROM irregular_address WHERE email_key = $2 AND account_id <> $1)
                AND (email = $2 OR NOT \(isKept("$2", from: "$1", since: "$14"))
                    AND NOT \(keepsTooMany(for: "$1", beside: "$2", since: "$14")))
            RETURNING id),
        freed AS (\(keepOldAddress(insteadOf: "$2", at: "$15"))),
        forgotten AS (DELETE FROM freed_address WHERE address = $2 AND EXISTS (SELECT FROM changed)),
        event AS (\(insertEvent(6, if: "changed", subject: "SELECT shown || ' ' || coalesce($5, $2) FROM old WHERE email <> $2")))
        SELECT \(PostgresSignal.account("id")) FROM changed
        """)
    /// The revision of an account: the number of the transaction that last changed its row. A lock does not change it.
    static let revision = "account.xmin::text::bigint"
    /// The condition of a proof, whose values are the parameters from `first` on. The account must be locked before, so that the
    /// statement sees the present row.
    static func isProved(_ first: Int) -> String {
        """
        account.id = $\(first)::uuid AND account.password_hash = $\(first + 1)::text
            AND \(revision) = $\(first + 2)::bigint AND account.disabled_at IS NULL
        """
    }

    private static let rehash = SQLText(
        "UPDATE account SET password_hash = $1 WHERE \(isProved(2)) RETURNING \(revision)")
    // A second disabling leaves the first instant.
    private static let setDisabled = SQLText(
        """
        WITH changed AS (
            UPDATE account SET disabled_at = CASE WHEN $2::boolean THEN coalesce(disabled_at, $3::timestamptz) END
            WHERE id = $1 RETURNING id),
        event AS (\(insertEvent(4, if: "changed")))
        SELECT \(PostgresSignal.account("id")) FROM changed
        """)
    // References between the tables delete tokens and sessions with their owner.
    private static let deleteAccount = SQLText(
        """
        WITH removed AS (DELETE FROM account WHERE id = $1 RETURNING id),
        event AS (\(insertEvent(2, if: "removed")))
        SELECT \(PostgresSignal.account("id")) FROM removed
        """)

    /// Adds the account in a statement that checks the address, after a lock on the present holder.
    public func add(
        _ user: User, passwordHash: String, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> SignInProof? {
        let values: [PostgresValue] = user.values(passwordHash: passwordHash)
        let steps = [
            Self.lockHolder(of: user.email),
            PostgresStep(
                Self.insertAccount, values + Self.values(audit) + [.instant(audit.at - FreedAddress.wait)]),
        ]
        return try await create(steps, by: authorization, at: audit.at, locking: .several) { answers in
            try answers.first(1) { row in
                SignInProof(user: user, passwordHash: passwordHash, revision: try row.integer(0))
            }
        }
    }

    /// Reads a user by the identifier.
    public func user(_ id: User.ID) async throws(StoreError) -> User? {
        try await database.first(Self.accountByID, [.identifier(id)]) { row in try User(row) }
    }

    /// Reads the account by each key under which the address may be stored.
    public func userForLogin(_ email: EmailAddress) async throws(StoreError) -> SignInProof? {
        for key in email.keys {
            let found = try await database.first(Self.accountByEmail, [.text(key)]) { row in
                SignInProof(
                    user: try User(row), passwordHash: try row.text(User.columns.count),
                    revision: try row.integer(User.columns.count + 1))
            }
            if let found { return found }
        }
        return nil
    }

    /// The values of ``isProved(_:)``.
    static func values(_ proof: SignInProof) -> [PostgresValue] {
        [.identifier(proof.user.id), .text(proof.passwordHash), .integer(proof.revision)]
    }

    /// Reads a user by the address, as ``userForLogin(_:)`` does.
    public func user(email: EmailAddress) async throws(StoreError) -> User? {
        try await userForLogin(email)?.user
    }

    /// Reads users in the order of identifiers, which is that of their creation.
    public func users(after cursor: User.ID?, limit: Int) async throws(StoreError) -> [User] {
        try await database.query(Self.accounts, [Self.cursor(cursor), .integer(limit)]) { row in
            try User(row)
        }
    }

    /// Searches all rows, because no index leads to a part of a text.
    public func users(
        matching text: String, after cursor: User.ID?, limit: Int
    ) async throws(StoreError) -> [User] {
        // No stored text has a zero byte, and the server refuses one.
        if text.utf8.contains(0) { return [] }
        return try await database.query(
            Self.matchingAccounts, [Self.cursor(cursor), .text(text), .integer(limit)]
        ) { row in try User(row) }
    }

    /// The smallest possible identifier stands for no cursor.
    private static func cursor(_ cursor: User.ID?) -> PostgresValue {
        .identifier(cursor ?? User.ID(high: 0, low: 0))
    }

    /// Decides in the statement that writes, on the locked account.
    public func update(
        _ user: User, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        let values: [PostgresValue] = [
            .identifier(user.id), .text(user.email.key), .text(user.username), .boolean(user.isOperator),
            .text(user.email.storedText),
        ]
        let steps = [
            Self.lockHolder(of: user.email),
            PostgresStep(
                Self.updateAccount,
                values + Self.values(audit) + [.instant(audit.at - FreedAddress.wait), .instant(audit.at)]),
        ]
        return try await change(
            steps, of: .account(user.id), by: authorization, at: audit.at, telling: .account(user.id)
        ) { answers in answers.affected(1) > 0 }
    }

    /// Replaces the hash in the row that still meets the proof.
    public func rehash(
        _ proof: SignInProof, to hash: String
    ) async throws(StoreError) -> SignInProof? {
        let step = PostgresStep(Self.rehash, [.text(hash)] + Self.values(proof))
        return try await change(
            [step], of: .account(proof.user.id), by: .system, at: proof.user.createdAt
        ) { answers in
            try answers.first(0) { row in
                SignInProof(user: proof.user, passwordHash: hash, revision: try row.integer(0))
            }
        }
    }

    /// Sets the instant and, when it disables, ends the sessions in the same transaction.
    public func setDisabled(
        _ isDisabled: Bool, user: User.ID, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        let values: [PostgresValue] = [.identifier(user), .boolean(isDisabled), .instant(audit.at)]
        var steps = [PostgresStep(Self.setDisabled, values + Self.values(audit))]
        if isDisabled { steps.append(Self.endSessions(of: user)) }
        return try await change(
            steps, of: .account(user), by: authorization, at: audit.at, telling: .account(user)
        ) { answers in answers.affected(0) == 1 }
    }

    /// Deletes the account; references between tables delete its tokens and sessions.
    public func remove(
        _ user: User.ID, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        let step = PostgresStep(Self.deleteAccount, [.identifier(user)] + Self.values(audit))
        return try await change(
            [step], of: .account(user), by: authorization, at: audit.at, telling: .account(user)
        ) { answers in answers.affected(0) > 0 }
    }

}
