public import TesseraCore

extension SQLiteStore: UserStore {
    private static let columns = User.columns.sqliteNames
    /// The columns that ``proof(_:)`` reads.
    private static let proofColumns = "\(User.storedColumns.sqliteNames), revision"

    private static let insertUser = SQLText(
        """
        INSERT INTO user (\(User.storedColumns.sqliteNames))
        SELECT \(User.storedColumns.sqliteParameters())
        WHERE NOT EXISTS (SELECT 1 FROM irregular_address WHERE email_key = ?2)
        ON CONFLICT (email) DO NOTHING RETURNING revision
        """)
    private static let userByID = SQLText("SELECT \(columns) FROM user WHERE id = ?")
    private static let proofByID = SQLText("SELECT \(proofColumns) FROM user WHERE id = ?")
    private static let proofByEmail = SQLText("SELECT \(proofColumns) FROM user WHERE email = ?")
    private static let revisionByNumber = SQLText("SELECT revision FROM user WHERE number = ?")
    private static let userByNumber = SQLText("SELECT \(columns) FROM user WHERE number = ?")
    // Identifiers rise with time.
    private static let firstUsers = SQLText("SELECT \(columns) FROM user ORDER BY id LIMIT ?")
    private static let nextUsers = SQLText("SELECT \(columns) FROM user WHERE id > ? ORDER BY id LIMIT ?")
    // lower() changes only ASCII letters, as the contract requires.
    private static let matchingUsers = SQLText(
        """
        SELECT \(columns) FROM user
        WHERE id > ?1 AND (instr(lower(email), lower(?2)) > 0 OR instr(lower(email_text), lower(?2)) > 0
            OR instr(lower(username), lower(?2)) > 0)
        ORDER BY id LIMIT ?3
        """)
    private static let updateUser = SQLText(
        """
        UPDATE OR IGNORE user SET email = ?1, username = ?2, is_operator = ?3, email_text = ?5
        WHERE id = ?4
            AND NOT EXISTS (SELECT 1 FROM irregular_address WHERE email_key = ?1 AND user_number <> user.number)
        """)
    // The condition of a proof. A trigger changes the revision of an account that is disabled or enabled.
    static let isProved = "id = ? AND password_hash = ? AND revision = ? AND disabled_at IS NULL"
    private static let rehash = SQLText("UPDATE user SET password_hash = ? WHERE \(isProved)")
    // A second disabling leaves the first instant.
    private static let disableUser = SQLText(
        "UPDATE user SET disabled_at = coalesce(disabled_at, ?) WHERE id = ?")
    private static let enableUser = SQLText("UPDATE user SET disabled_at = NULL WHERE id = ?")
    private static let endSessions = SQLText(
        "DELETE FROM session WHERE user_number = (SELECT number FROM user WHERE id = ?)")
    private static let deleteUser = SQLText("DELETE FROM user WHERE id = ?")

    /// Checks the address and adds the account in one transaction.
    public func add(
        _ user: User, passwordHash: String, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> SignInProof? {
        try await database.writing(by: authorization, at: audit.at) { connection in
            let values: [SQLiteValue] = user.values(passwordHash: passwordHash)
            if try Self.isKept(user.email, from: user.id, at: audit.at, connection) { return nil }
            let revision = try connection.first(Self.insertUser, values) { row in try row.integer(0) }
            guard let revision else { return nil }
            try Self.write(audit, connection)
            return SignInProof(user: user, passwordHash: passwordHash, revision: revision)
        }
    }

    /// Reads a user by the identifier.
    public func user(_ id: User.ID) async throws(StoreError) -> User? {
        try database.reading { connection in
            try connection.first(Self.userByID, [.identifier(id)]) { row in try User(row) }
        }
    }

    /// Reads the account by each key under which the address may be stored.
    public func userForLogin(_ email: EmailAddress) async throws(StoreError) -> SignInProof? {
        try database.reading { connection in
            for key in email.keys {
                let found = try connection.first(Self.proofByEmail, [.text(key)], Self.proof)
                if let found { return found }
            }
            return nil
        }
    }

    /// The state of an account in a row of ``proofColumns``.
    private static func proof(_ row: borrowing SQLiteRow) throws(StoreError) -> SignInProof {
        let count = User.columns.count
        return SignInProof(
            user: try User(row), passwordHash: try row.text(count), revision: try row.integer(count + 1))
    }

    /// The values of ``isProved``.
    static func values(_ proof: SignInProof) -> [SQLiteValue] {
        [.identifier(proof.user.id), .text(proof.passwordHash), .integer(proof.revision)]
    }

    /// The state of an account as the writer's connection sees it.
    static func proof(
        of user: User.ID, _ connection: SQLiteConnection
    ) throws -> SignInProof? {
        try connection.first(proofByID, [.identifier(user)], proof)
    }

    /// Reads a user by the address, as ``userForLogin(_:)`` does.
    public func user(email: EmailAddress) async throws(StoreError) -> User? {
        try await userForLogin(email)?.user
    }

    /// Reads users in the order of identifiers, which is that of their creation.
    public func users(after cursor: User.ID?, limit: Int) async throws(StoreError) -> [User] {
        try database.reading { connection in
            if let cursor {
                try connection.query(Self.nextUsers, [.identifier(cursor), .integer(limit)]) { row in
                    try User(row)
                }
            } else {
                try connection.query(Self.firstUsers, [.integer(limit)]) { row in try User(row) }
            }
        }
    }

    /// Searches all rows, because no index leads to a part of a text.
    public func users(
        matching text: String, after cursor: User.ID?, limit: Int
    ) async throws(StoreError) -> [User] {
        let cursor = cursor ?? User.ID(high: 0, low: 0)
        return try database.reading { connection in
            try connection.query(
                Self.matchingUsers, [.identifier(cursor), .text(text), .integer(limit)]
            ) { row in try User(row) }
        }
    }

    /// Reads the account, decides and writes in one transaction.
    public func update(
        _ user: User, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        let values: [SQLiteValue] = [
            .text(user.email.key), .text(user.username), .boolean(user.isOperator), .identifier(user.id),
            .text(user.email.storedText),
        ]
        return try await changing(.account(user.id), by: authorization, at: audit.at) { connection in
            let stored = try connection.first(Self.userByID, [.identifier(user.id)]) { row in
                try User(row)
            }
            guard let old = stored?.email else { return false }
            if old != user.email {
                guard !(try Self.isKept(user.email, from: user.id, at: audit.at, connection)),
                    !(try Self.keepsTooMany(for: user.id, beside: user.email, at: audit.at, connection))
                else { return false }
            }
            guard try connection.execute(Self.updateUser, values) == 1 else { return false }
            guard old != user.email else {
                try Self.write(audit, connection)
                return true
            }
            try Self.keep(old, for: user.id, insteadOf: user.email, at: audit.at, connection)
            try Self.write(audit.telling(ofAddressFrom: old, to: user.email), connection)
            return true
        }
    }

    /// Replaces the hash in the row that still meets the proof.
    public func rehash(
        _ proof: SignInProof, to hash: String
    ) async throws(StoreError) -> SignInProof? {
        try await database.writing { connection in
            let values = [.text(hash)] + Self.values(proof)
            guard try connection.execute(Self.rehash, values) == 1 else { return nil }
            return try Self.proof(of: proof.user.id, connection)
        }
    }

    /// Sets the instant and, when it disables, ends the sessions in the same transaction.
    public func setDisabled(
        _ isDisabled: Bool, user: User.ID, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        try await changing(.account(user), by: authorization, at: audit.at) { connection in
            let changed =
                isDisabled
                ? try connection.execute(Self.disableUser, [.instant(audit.at), .identifier(user)])
                : try connection.execute(Self.enableUser, [.identifier(user)])
            guard changed == 1 else { return false }
            if isDisabled { try connection.execute(Self.endSessions, [.identifier(user)]) }
            try Self.write(audit, connection)
            return true
        }
    }

    /// Deletes the account; references between tables delete its tokens and sessions.
    public func remove(
        _ user: User.ID, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        try await change(
            Self.deleteUser, [.identifier(user)], by: authorization, audit, telling: .account(user))
    }

    /// The user with this number. The connection remembers users, so that many tokens of one owner need one look-up.
    static func owner(_ number: Int64, _ connection: SQLiteConnection) throws -> User {
        if let known = connection.memory.user(number: number, in: connection.snapshot) { return known }
        let revision = try connection.first(revisionByNumber, key: number) { row in try row.integer(0) }
        guard let revision else { throw missingOwner }
        return try owner(number, revision: revision, connection)
    }

    private static func owner(
        _ number: Int64, revision: Int64, _ connection: SQLiteConnection
    ) throws -> User {
        try connection.memory.user(number: number, revision: revision, in: connection.snapshot) { () in
            let user = try connection.first(userByNumber, key: number) { row in try User(row) }
            guard let user else { throw missingOwner }
            return user
        }
    }

    static let missingOwner = StoreError(.corrupt, "The owner of something stored is missing.")
}
