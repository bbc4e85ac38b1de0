/// The type of a body, such as `application/json`, RFC 9110 §8.3.1.
public struct MediaType: Sendable, Hashable, CustomStringConvertible {
    /// A parameter behind the type; its name in lower case.
    public struct Parameter: Sendable, Hashable {
        public let name: String
        public let value: String
    }

    /// The type before the slash, in lower case.
    public let type: String
    /// The subtype behind the slash, in lower case.
    public let subtype: String
    /// The parameters in order, none twice.
    public let parameters: [Parameter]

    /// Parses a media type; `nil` if it breaks the grammar, is a range with `*`, or has a parameter twice.
    public init?(_ text: String) {
        var scanner = FieldScanner(text)
        scanner.skipWhitespace()
        guard let type = scanner.token(), scanner.skip(0x2F), let subtype = scanner.token(),
            type != "*", subtype != "*", let parameters = scanner.parameters()
        else { return nil }
        scanner.skipWhitespace()
        guard scanner.isAtEnd else { return nil }
        self.type = type.lowercased()
        self.subtype = subtype.lowercased()
        self.parameters = parameters
    }

    private init(_ type: String, _ subtype: String) {
        self.type = type
        self.subtype = subtype
        self.parameters = []
    }

    public static let json = MediaType("application", "json")
    public static let problemJSON = MediaType("application", "problem+json")
    public static let mergePatchJSON = MediaType("application", "merge-patch+json")
    public static let form = MediaType("application", "x-www-form-urlencoded")
    public static let html = MediaType("text", "html")
    public static let plainText = MediaType("text", "plain")

    /// The type without its parameters.
    public var essence: String { "\(type)/\(subtype)" }

    public var description: String {
        parameters.reduce(essence) { text, parameter in
            if !parameter.value.isEmpty, parameter.value.utf8.allSatisfy(CharacterClass.isTokenByte) {
                return text + ";\(parameter.name)=\(parameter.value)"
            }
            return text + ";\(parameter.name)=\"\(Self.escape(parameter.value))\""
        }
    }

    /// Puts `\` in front of `"` and `\` (RFC 9110 §5.6.4), scalar by scalar: as characters, neither would be found with a
    /// combining mark behind it.
    private static func escape(_ value: String) -> String {
        var escaped = ""
        for scalar in value.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { escaped.unicodeScalars.append("\\") }
            escaped.unicodeScalars.append(scalar)
        }
        return escaped
    }

    /// The value of a parameter, by its name in lower case.
    public subscript(parameter name: String) -> String? {
        parameters.first { $0.name == name }?.value
    }

    /// Whether this is the same type, whatever the parameters.
    public func hasSameEssence(as other: MediaType) -> Bool {
        type == other.type && subtype == other.subtype
    }
}

extension Request {
    /// Checks that the body is not compressed, that it is of one of these types and, if its charset is named, that it is
    /// UTF-8.
    ///
    /// - Returns: The type of the body, with its parameters.
    /// - Throws: ``HTTPError`` 415 with the accepted types in `Accept`, and for a content coding with `Accept-Encoding`
    ///   (RFC 9110 §15.5.16). No `Content-Type`, or two of them, is 415 as well: nothing is guessed.
    @discardableResult
    public func requireMediaType(_ accepted: MediaType...) throws(HTTPError) -> MediaType {
        try requireMediaType(accepted)
    }

    /// Checks the media type against a list; see ``requireMediaType(_:)-(MediaType...)``.
    @discardableResult
    public func requireMediaType(_ accepted: [MediaType]) throws(HTTPError) -> MediaType {
        // Only the answer to a body of another type names them.
        var names: String { accepted.map(\.essence).joined(separator: ", ") }
        guard isBodyUncoded else {
            throw HTTPError(
                .unsupportedMediaType, "The body must not be compressed or coded otherwise.",
                fields: [.accept: names, .acceptEncoding: "identity"])
        }
        guard fields.count(of: .contentType) == 1, let mediaType = MediaType(fields[.contentType] ?? ""),
            accepted.contains(where: mediaType.hasSameEssence)
        else {
            throw HTTPError(
                .unsupportedMediaType, "The body must be of the type \(names).", fields: [.accept: names])
        }
        if let charset = mediaType[parameter: "charset"], charset.lowercased() != "utf-8" {
            throw HTTPError(.unsupportedMediaType, "The body must be in UTF-8.", fields: [.accept: names])
        }
        return mediaType
    }

    /// Whether `Content-Encoding` names no coding besides `identity`, RFC 9110 §8.4.
    private var isBodyUncoded: Bool {
        guard fields.count(of: .contentEncoding) > 0 else { return true }
        var scanner = FieldScanner(fields.values(of: .contentEncoding).joined(separator: ", "))
        return scanner.list { $0.token()?.lowercased() }?.allSatisfy { $0 == "identity" } ?? false
    }
}
