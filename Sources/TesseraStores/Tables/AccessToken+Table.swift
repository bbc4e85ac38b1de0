import TesseraCore
import TesseraCrypto
import TesseraJOSE

/// The table of access tokens.
extension AccessToken {
    /// The columns that a token is read from.
    static let columns = [
        Column("id", .identifier), .account, Column("kind", .text), Column("name", .text),
        Column("scopes", .scope), Column("last_four", .text), Column("created_at", .instant),
        Column("expires_at", .instant), Column("revoked_at", .instant), Column("suspended_at", .instant),
        Column("last_used_at", .instant), Column("last_used_from", .address),
        Column("replaces", .identifier), Column("replaced_by", .identifier), Column("metadata", .metadata),
    ]
    /// All columns of a token that both databases have.
    static let storedColumns = [.digest] + columns
}
