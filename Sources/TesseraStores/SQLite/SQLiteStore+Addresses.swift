public import TesseraCore

extension SQLiteStore {
    // The rows of the index `user_by_unsettled_address`, which is nearly always empty.
    private static let unsettled = SQLText(
        """
        SELECT id, email FROM user
        WHERE email_text IS NULL AND (email GLOB '*[^ -~]*' OR email GLOB '*xn--*') AND id > ? ORDER BY id LIMIT ?
        """)
    private static let settle = SQLText(
        """
        UPDATE user SET email = ?2, email_text = ?3
        WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM user AS other WHERE other.email = ?2 AND other.id <> ?1)
        """)
    private static let showAsItIs = SQLText("UPDATE user SET email_text = email WHERE id = ?1 OR email = ?2")
    private static let noteIrregular = SQLText(
        """
        INSERT INTO irregular_address (user_number, email_key) SELECT number, ?2 FROM user WHERE id = ?1
        ON CONFLICT (user_number) DO UPDATE SET email_key = excluded.email_key
        """)
    private static let irregular = SQLText(
        """
        SELECT u.id, u.email, i.email_key, h.id
        FROM irregular_address AS i JOIN user AS u ON u.number = i.user_number
        LEFT JOIN user AS h ON h.email = i.email_key
        ORDER BY u.id LIMIT ?
        """)

    /// Settles old addresses in batches, each in a transaction of its own.
    public func settleAddresses() async throws(StoreError) {
        var cursor = User.ID(high: 0, low: 0)
        while true {
            let rows = try database.reading { connection in
                try connection.query(
                    Self.unsettled, [.identifier(cursor), .integer(UnsettledAddress.batch)]
                ) { row in UnsettledAddress(user: try row.identifier(0), email: try row.text(1)) }
            }
            guard let last = rows.last else { return }
            cursor = last.user
            try await observers.telling(.anyToken) { () async throws(StoreError) in
                try await database.writing { connection in
                    for row in rows { try Self.settle(row, connection) }
                }
            }
        }
    }

    private static func settle(_ row: UnsettledAddress, _ connection: SQLiteConnection) throws {
        let address = try row.address
        if let address {
            let values: [SQLiteValue] = [.identifier(row.user), .text(address.key), .text(address.text)]
            if try connection.execute(settle, values) == 1 { return }
        }
        try connection.execute(showAsItIs, [.identifier(row.user), .text(address?.key)])
        try connection.execute(noteIrregular, [.identifier(row.user), .text(address?.key)])
    }

    /// Reads the noted addresses, each with the account that holds its key.
    public func irregularAddresses(limit: Int) async throws(StoreError) -> [IrregularAddress] {
        try database.reading { connection in
            try connection.query(Self.irregular, [.integer(limit)]) { row in
                IrregularAddress(
                    user: try row.identifier(0), spelling: try row.text(1), key: try row.textOrNil(2),
                    holder: try row.identifierOrNil(3))
            }
        }
    }
}
