import TesseraCore
public import TesseraOpenAPI
import TesseraTime

/// The schemas of values of the domain.
extension JSONSchema {
    /// An instant as RFC 3339 writes it.
    public static let instant = string(
        TextFormat("date-time", "must be an instant such as 2027-01-31T12:00:00Z") {
            NumericDate(rfc3339: $0) != nil
        })

    /// An e-mail address that can name an account.
    public static let email = string(
        TextFormat("email", "must be an e-mail address") { EmailAddress($0) != nil })

    /// The names of permissions.
    static let scopes = array(of: .string(1...100, pattern: #"^[!#-\[\]-~]+$"#)).named("Scopes")

    static let tokenKind = choice(TokenKind.allCases.map(\.rawValue)).named("TokenKind")

    /// Names with texts.
    static let metadata = metadata(of: metadataText)

    /// Names with texts, and `null` for those to take out.
    static let metadataChange = metadata(of: metadataText.nullable)

    private static func metadata(of value: JSONSchema) -> JSONSchema {
        map(of: value, names: .name(1...TokenMetadata.longestName), count: 0...TokenMetadata.mostEntries)
    }

    private static let metadataText = printable(0...TokenMetadata.longestText)
}
