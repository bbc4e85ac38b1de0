public import TesseraCore

extension PostgresStore {
    // The rows of the index `account_by_unsettled_address`, which is nearly always empty.
    private static let unsettled = SQLText(
        """
        SELECT id, email FROM account
        WHERE email_text IS NULL AND (email ~ '[^ -~]' OR email LIKE '%xn--%') AND id > $1 ORDER BY id LIMIT $2
        """)
    // Only a row that is still as it was read is changed, because several nodes may do this at once.
    private static let settle = SQLText(
        """
        WITH changed AS (
            UPDATE account SET email = $3, email_text = $4
            WHERE id = $1 AND email = $2 AND email_text IS NULL
                AND NOT EXISTS (SELECT FROM account AS other WHERE other.email = $3 AND other.id <> $1)
            RETURNING id)
        SELECT \(PostgresSignal.account("id")) FROM changed
        """)
    private static let noteIrregular = SQLText(
        """
        WITH kept AS (
            UPDATE account SET email_text = email WHERE id = $1 AND email = $2 AND email_text IS NULL RETURNING id),
        holder AS (
            UPDATE account SET email_text = email
            WHERE email = $3::text AND id <> $1 AND EXISTS (SELECT FROM kept) RETURNING id),
        noted AS (
            INSERT INTO irregular_address (account_id, email_key) SELECT id, $3::text FROM kept
            ON CONFLICT (account_id) DO UPDATE SET email_key = excluded.email_key)
        SELECT \(PostgresSignal.account("id")) FROM (SELECT id FROM kept UNION ALL SELECT id FROM holder) AS changed
        """)
    private static let irregular = SQLText(
        """
        SELECT a.id, a.email, i.email_key, h.id
        FROM irregular_address AS i JOIN account AS a ON a.id = i.account_id
        LEFT JOIN account AS h ON h.email = i.email_key
        ORDER BY a.id LIMIT $1
        """)

    /// Settles old addresses one by one; other nodes may do so at the same time.
    public func settleAddresses() async throws(StoreError) {
        var cursor = User.ID(high: 0, low: 0)
        while true {
            let rows = try await database.query(
                Self.unsettled, [.identifier(cursor), .integer(UnsettledAddress.batch)]
            ) { row in UnsettledAddress(user: try row.identifier(0), email: try row.text(1)) }
            guard let last = rows.last else { return }
            cursor = last.user
            try await observers.telling(.anyToken) { () async throws(StoreError) in
                for row in rows { try await settle(row) }
            }
        }
    }

    private func settle(_ row: UnsettledAddress) async throws(StoreError) {
        let stored: [PostgresValue] = [.identifier(row.user), .text(row.email)]
        let address = try row.address
        if let address {
            let step = PostgresStep(Self.settle, stored + [.text(address.key), .text(address.text)])
            let isSettled = try await database.change([step], locking: .several) { answers in
                answers.affected(0) > 0
            }
            if isSettled { return }
        }
        let step = PostgresStep(Self.noteIrregular, stored + [.text(address?.key)])
        try await database.change([step], locking: .several) { _ in }
    }

    /// Reads the noted addresses, each with the account that holds its key.
    public func irregularAddresses(limit: Int) async throws(StoreError) -> [IrregularAddress] {
        try await database.query(Self.irregular, [.integer(limit)]) { row in
            IrregularAddress(
                user: try row.identifier(0), spelling: try row.text(1), key: try row.textOrNil(2),
                holder: try row.identifierOrNil(3))
        }
    }
}
