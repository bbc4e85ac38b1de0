/// A cookie that a response sets, RFC 6265bis §4.1.
///
/// The rules of the `__Host-` and `__Secure-` prefixes are checked here, because a browser drops a cookie that breaks
/// them without a message.
public struct SetCookie: Sendable, Hashable {
    /// The cross-site requests with which a browser sends the cookie (RFC 6265bis §4.1.2.7).
    public enum SameSite: String, Sendable, Hashable {
        case strict = "Strict"
        case lax = "Lax"
        case none = "None"
    }

    /// The value of the `Set-Cookie` field.
    public let fieldValue: String

    /// Makes a cookie.
    ///
    /// - Parameters:
    ///   - name: A token (RFC 9110 §5.6.2).
    ///   - value: Visible ASCII without space, `"`, `,`, `;` and `\`, optionally in quotation marks; it may be empty.
    ///   - path: The path below which the cookie is sent.
    ///   - domain: A host name whose subdomains also get the cookie; `nil` restricts it to this host.
    ///   - maxAge: The lifetime in whole seconds; `nil` lasts until the browser closes, and zero removes the cookie.
    ///   - isSecure: Restricts the cookie to https.
    ///   - isHTTPOnly: Hides the cookie from scripts.
    ///   - sameSite: The cross-site requests that carry the cookie.
    /// - Throws: ``SetCookieError``.
    public init(
        _ name: String, _ value: String, path: String = "/", domain: String? = nil, maxAge: Duration? = nil,
        isSecure: Bool = true, isHTTPOnly: Bool = true, sameSite: SameSite = .lax
    ) throws(SetCookieError) {
        guard CookieGrammar.isName(name.utf8) else { throw .badName }
        guard CookieGrammar.isValue(value.utf8) else { throw .badValue }
        guard path.utf8.first == 0x2F, path.utf8.allSatisfy(Self.isAttributeByte) else { throw .badPath }
        if let domain {
            guard !domain.isEmpty, domain.utf8.allSatisfy(Self.isDomainByte) else { throw .badDomain }
        }
        // Browsers compare prefixes without regard to case (RFC 6265bis §5.7).
        let lowercased = name.lowercased()
        if lowercased.hasPrefix("__host-"), !isSecure || path != "/" || domain != nil { throw .prefixRules }
        if lowercased.hasPrefix("__secure-"), !isSecure { throw .prefixRules }
        if sameSite == .none, !isSecure { throw .sameSiteNoneWithoutSecure }

        var text = "\(name)=\(value); Path=\(path)"
        if let domain { text += "; Domain=\(domain)" }
        if let maxAge {
            let seconds = max(0, maxAge.components.seconds)
            text += "; Max-Age=\(seconds)"
            if seconds == 0 { text += "; Expires=Thu, 01 Jan 1970 00:00:00 GMT" }
        }
        if isSecure { text += "; Secure" }
        if isHTTPOnly { text += "; HttpOnly" }
        text += "; SameSite=\(sameSite.rawValue)"
        guard text.utf8.count <= 4096 else { throw .tooLong }
        fieldValue = text
    }

    private static func isAttributeByte(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && byte != 0x3B
    }

    private static func isDomainByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E: true
        default: false
        }
    }
}

/// The reason why a cookie cannot be set.
public enum SetCookieError: Error, Sendable, Hashable {
    /// The name is not a token.
    case badName
    /// The value contains characters that a cookie cannot carry.
    case badValue
    /// The path does not start with `/`, or contains `;` or a character outside visible ASCII.
    case badPath
    /// The domain is not an ASCII host name.
    case badDomain
    /// `__Host-` needs Secure, the path `/` and no domain; `__Secure-` needs Secure (RFC 6265bis §4.1.3).
    case prefixRules
    /// `SameSite=None` needs Secure; browsers drop the cookie otherwise.
    case sameSiteNoneWithoutSecure
    /// The complete field would be longer than 4096 bytes.
    case tooLong
}

extension Response {
    /// Adds a `Set-Cookie` field.
    public mutating func set(_ cookie: SetCookie) { fields.append(.setCookie, cookie.fieldValue) }
}
