/// A cookie that an answer sets, RFC 6265bis §4.1.
///
/// The rules of the `__Host-` and `__Secure-` prefixes are checked here, where a browser would only drop the
/// cookie in silence.
public struct SetCookie: Sendable, Hashable {
    /// When a browser sends the cookie with requests that other sites cause.
    public enum SameSite: String, Sendable, Hashable {
        case strict = "Strict"
        case lax = "Lax"
        case none = "None"
    }

    /// The value of the `Set-Cookie` field.
    public let fieldValue: String

    /// Puts a cookie together.
    ///
    /// - Parameters:
    ///   - name: A token (RFC 9110 §5.6.2).
    ///   - value: Visible ASCII without space, `"`, `,`, `;` and `\`, or that in quotes; it may be empty.
    ///   - path: Which paths get the cookie.
    ///   - domain: `nil`, so that only this very host gets it, or a host name that includes its subdomains.
    ///   - maxAge: How long it is kept, in whole seconds; `nil` until the browser closes. Zero removes it.
    ///   - isSecure: Whether it is sent over https alone.
    ///   - isHTTPOnly: Whether scripts are kept from reading it.
    ///   - sameSite: When it is sent with requests from other sites.
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

/// Why a cookie cannot be set.
public enum SetCookieError: Error, Sendable, Hashable {
    /// The name is not a token.
    case badName
    /// The value has characters a cookie cannot carry.
    case badValue
    /// The path does not begin with `/`, or has characters outside visible ASCII, or a `;`.
    case badPath
    /// The domain is empty or no host name in ASCII.
    case badDomain
    /// `__Host-` needs Secure, the path `/` and no domain; `__Secure-` needs Secure (RFC 6265bis §4.1.3).
    case prefixRules
    /// Browsers drop `SameSite=None` without Secure.
    case sameSiteNoneWithoutSecure
    /// The whole field would be longer than 4096 bytes.
    case tooLong
}

extension Response {
    /// Adds a `Set-Cookie` field.
    public mutating func set(_ cookie: SetCookie) { fields.append(.setCookie, cookie.fieldValue) }
}
