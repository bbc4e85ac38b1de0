import TesseraCore
import TesseraOpenAPI

/// The schemas of values of the domain.
extension JSONSchema {
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
