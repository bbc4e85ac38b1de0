/// The media type of a body, such as `application/json` (RFC 9110 §8.3.1).
public struct MediaType: Sendable, Hashable, CustomStringConvertible {
    /// A parameter of a media type.
    public struct Parameter: Sendable, Hashable {
        /// The name in lower case.
        public let name: String
        /// The value without quotation marks.
        public let value: String
    }

    /// The type before the slash, in lower case.
    public let type: String
    /// The subtype after the slash, in lower case.
    public let subtype: String
    /// The parameters in order, without repetitions.
    public let parameters: [Parameter]

    /// Parses a media type; `nil` if it is malformed, a range with `*`, or has a repeated parameter.
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

    /// JSON, RFC 8259 §11.
    public static let json = MediaType("application", "json")
    /// A problem document, RFC 9457 §3.
    public static let problemJSON = MediaType("application", "problem+json")
    /// A JSON merge patch, RFC 7396.
    public static let mergePatchJSON = MediaType("application", "merge-patch+json")
    /// A URL-encoded form (HTML standard).
    public static let form = MediaType("application", "x-www-form-urlencoded")
    /// A page (HTML standard).
    public static let html = MediaType("text", "html")
    /// Plain text, RFC 2046 §4.1.3.
    public static let plainText = MediaType("text", "plain")

    /// The type without its parameters.
    public var essence: String { "\(type)/\(subtype)" }

    /// The type with its parameters, as in `Content-Type`.
    public var description: String {
        parameters.reduce(essence) { text, parameter in
            if !parameter.value.isEmpty, parameter.value.utf8.allSatisfy(CharacterClass.isTokenByte) {
                return text + ";\(parameter.name)=\(parameter.value)"
            }
            return text + ";\(parameter.name)=\"\(Self.escape(parameter.value))\""
        }
    }

    /// Escapes `"` and `\` (RFC 9110 §5.6.4). Works on scalars, because a combining mark would hide the character
    /// before it.
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

    /// Reports whether both are the same type, without regard to parameters.
    public func hasSameEssence(as other: MediaType) -> Bool {
        type == other.type && subtype == other.subtype
    }
}

extension Request {
    /// Checks that the body is not compressed, has one of these types and, if a charset is named, is UTF-8.
    ///
    /// - Returns: The type of the body with its parameters.
    /// - Throws: ``HTTPError`` 415, with the accepted types in `Accept`, or with `Accept-Encoding` for a content coding
    ///   (RFC 9110 §15.5.16). A missing or repeated `Content-Type` is also 415; the type is never guessed.
    @discardableResult
    public func requireMediaType(_ accepted: MediaType...) throws(HTTPError) -> MediaType {
        try requireMediaType(accepted)
    }

    /// Checks the media type against a list; see ``requireMediaType(_:)-(MediaType...)``.
    @discardableResult
    public func requireMediaType(_ accepted: [MediaType]) throws(HTTPError) -> MediaType {
        // Only the response to a wrong type needs the names.
        var names: String { accepted.map(\.essence).joined(separator: ", ") }
        guard isBodyUncoded else {
            throw HTTPError(
                .unsupportedMediaType, "The body must not be compressed or otherwise encoded.",
                fields: [.accept: names, .acceptEncoding: "identity"])
        }
        guard fields.count(of: .contentType) == 1, let mediaType = MediaType(fields[.contentType] ?? ""),
            accepted.contains(where: mediaType.hasSameEssence)
        else {
            throw HTTPError(
                .unsupportedMediaType, "The media type of the body must be \(names).",
                fields: [.accept: names])
        }
        if let charset = mediaType[parameter: "charset"], charset.lowercased() != "utf-8" {
            throw HTTPError(.unsupportedMediaType, "The body must be in UTF-8.", fields: [.accept: names])
        }
        return mediaType
    }

    /// Indicates that `Content-Encoding` names no coding other than `identity` (RFC 9110 §8.4).
    private var isBodyUncoded: Bool {
        guard fields.count(of: .contentEncoding) > 0 else { return true }
        var scanner = FieldScanner(fields.values(of: .contentEncoding).joined(separator: ", "))
        return scanner.list { $0.token()?.lowercased() }?.allSatisfy { $0 == "identity" } ?? false
    }
}
