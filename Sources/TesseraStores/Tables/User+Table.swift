import TesseraCore
import TesseraTime

/// The table of accounts: `user` in SQLite, `account` in PostgreSQL.
extension User {
    /// The columns that a user is read from. The hash of the password is left out: few statements need it.
    static let columns = [
        Column("id", .identifier), Column("email", .text), Column("username", .text),
        Column("is_operator", .boolean), Column("created_at", .instant), Column("disabled_at", .instant),
        Column("email_text", .text),
    ]
    /// All columns of an account that both databases have.
    static let storedColumns = columns + [Column("password_hash", .text)]

    /// The values of ``storedColumns``.
    func values<Value: BoundValue>(passwordHash: String) -> [Value] {
        [
            .identifier(id), .text(email.key), .text(username), .boolean(isOperator), .instant(createdAt),
            .instant(disabledAt), .text(email.storedText), .text(passwordHash),
        ]
    }

    /// Reads the user in the columns from `first` on.
    init(_ row: borrowing some ResultRow & ~Copyable, from first: Int = 0) throws(StoreError) {
        let (key, text) = (try row.text(first + 1), try row.textOrNil(first + 6))
        guard let email = EmailAddress(storedKey: key, text: text) else { throw row.unexpected(first + 1) }
        self.init(
            id: try row.identifier(first), email: email, username: try row.text(first + 2),
            isOperator: try row.boolean(first + 3), createdAt: try row.instant(first + 4),
            disabledAt: try row.instantOrNil(first + 5))
    }
}
