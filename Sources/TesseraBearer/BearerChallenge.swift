/// The challenge of a `WWW-Authenticate` field for bearer tokens — RFC 6750 §3, RFC 9728 §5.1.
public struct BearerChallenge: Sendable, Hashable {
    /// Why a request was refused; the codes of RFC 6750 §3.1.
    public struct ErrorCode: Sendable, Hashable {
        public let text: String

        /// A code, of one character or more out of printable ASCII without space, `"` and `\`.
        public init?(_ text: String) {
            guard !text.isEmpty, text.utf8.allSatisfy({ $0 != 0x20 && isUnrestricted($0) }) else {
                return nil
            }
            self.init(unchecked: text)
        }

        private init(unchecked text: String) { self.text = text }

        /// The request is malformed; goes with status 400.
        public static let invalidRequest = Self(unchecked: "invalid_request")
        /// The token is malformed, unknown, expired or revoked; goes with 401.
        public static let invalidToken = Self(unchecked: "invalid_token")
        /// The token does not grant what is needed; goes with 403.
        public static let insufficientScope = Self(unchecked: "insufficient_scope")
    }

    /// What the token is for, in words of the server.
    public var realm: String
    /// Nil when the request had no credentials: then nothing is said to be wrong (§3.1).
    public var error: ErrorCode?
    /// A sentence for developers; written only with an error.
    public var errorDescription: String?
    /// The scope tokens that are needed; written when there are any.
    public var scope: [String]
    /// The address of the protected resource's metadata.
    public var resourceMetadata: String?

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

    /// The field's value: `Bearer realm="…", error="…"`, each attribute at most once and quoted.
    ///
    /// Whatever was put in, the values hold only printable ASCII without `"` and `\` (N016, N070): `"`
    /// becomes `'`, `\` becomes `/`, and any other becomes `?`. So nothing can end an attribute or the field.
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

/// %x20-21, %x23-5B, %x5D-7E — RFC 6750 §3.
private func isUnrestricted(_ byte: UInt8) -> Bool {
    (0x20...0x21).contains(byte) || (0x23...0x5B).contains(byte) || (0x5D...0x7E).contains(byte)
}
