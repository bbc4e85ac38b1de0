/// The challenge of a `WWW-Authenticate` field for bearer tokens (RFC 6750 §3, RFC 9728 §5.1).
public struct BearerChallenge: Sendable, Hashable {
    /// An error code of RFC 6750 §3.1, the reason of a refusal.
    public struct ErrorCode: Sendable, Hashable {
        /// The code as sent.
        public let text: String

        /// Makes a code; `nil` unless the text is one or more printable ASCII characters without space, `"` and `\`.
        public init?(_ text: String) {
            guard !text.isEmpty, text.utf8.allSatisfy({ $0 != 0x20 && isUnrestricted($0) }) else {
                return nil
            }
            self.init(unchecked: text)
        }

        private init(unchecked text: String) { self.text = text }

        /// The request is malformed; status 400.
        public static let invalidRequest = Self(unchecked: "invalid_request")
        /// The token is malformed, unknown, expired or revoked; status 401.
        public static let invalidToken = Self(unchecked: "invalid_token")
        /// The token lacks a scope; status 403.
        public static let insufficientScope = Self(unchecked: "insufficient_scope")
    }

    /// The protection space, in words of the server (RFC 9110 §11.5).
    public var realm: String
    /// The error; `nil` if the request had no credentials, because then the challenge names no error (§3.1).
    public var error: ErrorCode?
    /// A sentence for developers; written only together with an error.
    public var errorDescription: String?
    /// The required scope tokens; omitted if empty.
    public var scope: [String]
    /// The URL of the protected resource's metadata (RFC 9728 §5.1).
    public var resourceMetadata: String?

    /// Makes a challenge from its parts.
    public init(
        realm: String, error: ErrorCode? = nil, errorDescription: String? = nil, scope: [String] = [],
        resourceMetadata: String? = nil
    ) {
        self.realm = realm
        self.error = error
        self.errorDescription = errorDescription
        self.scope = scope
        self.resourceMetadata = resourceMetadata
    }

    /// The field value: `Bearer realm="…", error="…"`, each attribute at most once and quoted.
    ///
    /// The values contain only printable ASCII without `"` and `\` (RFC 6750 §3): `"` becomes `'`, `\` becomes `/`, and
    /// any other character becomes `?`. No input can therefore end an attribute or the field.
    public var fieldValue: String {
        var value = "Bearer realm=\(quoted(realm))"
        if let error {
            value += ", error=\(quoted(error.text))"
            if let errorDescription { value += ", error_description=\(quoted(errorDescription))" }
        }
        if !scope.isEmpty { value += ", scope=\(quoted(scope.joined(separator: " ")))" }
        if let resourceMetadata { value += ", resource_metadata=\(quoted(resourceMetadata))" }
        return value
    }
}

private func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": quoted += "'"
        case "\\": quoted += "/"
        default:
            let isAllowed = scalar.isASCII && isUnrestricted(UInt8(scalar.value))
            quoted.unicodeScalars.append(isAllowed ? scalar : "?")
        }
    }
    return quoted + "\""
}

/// %x20-21, %x23-5B, %x5D-7E (RFC 6750 §3).
private func isUnrestricted(_ byte: UInt8) -> Bool {
    (0x20...0x21).contains(byte) || (0x23...0x5B).contains(byte) || (0x5D...0x7E).contains(byte)
}
