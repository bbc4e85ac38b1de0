import TesseraCore
import TesseraHTTP

/// Why a request has no credentials that count: what was sent in their place.
extension Authenticator {
    /// The refusal of a request that needs a caller and has none.
    ///
    /// The order is from the most telling to the least. A page of an origin that is not let in comes before its cookies:
    /// its browser would not show it any answer.
    func absence(in request: Request, sessionEnded: Bool) -> Refused {
        if sessionEnded { return .sessionEnded }
        if Self.hasTokenInQuery(request.query) { return .tokenInQuery }
        if let origin = foreignOrigin(of: request) { return .originNotAllowed(origin) }
        // The cookies that forms of visitors are bound to and that browsers are known by are no attempt to be known.
        let attempts = request.cookies.pairs.filter { !cookies.isOfVisitor($0.name) }
        if !attempts.isEmpty { return .cookieOnly }
        return .nothingSent
    }

    /// The origin of the page that asks, when it is neither of ours nor let in.
    func foreignOrigin(of request: Request) -> String? {
        guard let origin = request.fields[.origin],
            CSRFToken.isFromElsewhere(request, issuer: configuration.issuer),
            !configuration.allowedOrigins.contains(where: { $0.text == origin })
        else { return nil }
        return origin
    }

    /// The refusal of a preflight for a page whose origin is not let in (Fetch standard,
    /// "CORS-preflight fetch"); `nil` for every other request.
    func foreignPreflight(_ request: Request) -> Refused? {
        guard request.method == .options, request.fields.count(of: .accessControlRequestMethod) > 0,
            errors.style(of: request) != .page
        else { return nil }
        return foreignOrigin(of: request).map(Refused.preflight)
    }

    /// A token in the query is not looked at (RFC 9700 §4.3.2), but its sender should learn why nothing happens.
    static func hasTokenInQuery(_ query: String?) -> Bool {
        guard let query else { return false }
        return query.utf8.split(separator: UInt8(ascii: "&")).contains { pair in
            pair.starts(with: "access_token=".utf8)
        }
    }

    /// A hint about a field `Authorization` of another scheme, without keeping any of it.
    static func hint(forScheme field: String) -> RefusalHint? {
        let scheme = field.utf8.prefix { $0 != UInt8(ascii: " ") }
        if scheme.map({ $0 | 0x20 }).elementsEqual("basic".utf8) { return .basicScheme }
        // No scheme in use is as long as a token.
        return scheme.count == field.utf8.count && scheme.count > 20 ? .schemeMissing : nil
    }
}
