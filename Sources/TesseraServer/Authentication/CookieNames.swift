import TesseraHTTP

/// What the cookies are called. On https the `__Host-` prefix keeps other hosts of the domain from setting them.
struct CookieNames: Sendable {
    /// Holds what a session is found by.
    let session: String
    /// Holds what the forms of somebody not signed in are bound to.
    let visitor: String
    /// Holds the mark of a browser in which somebody has signed in before.
    let browser: String
    private let isSecure: Bool

    init(isHTTPS: Bool) {
        let prefix = isHTTPS ? "__Host-" : ""
        session = "\(prefix)tessera-session"
        visitor = "\(prefix)tessera-visitor"
        browser = "\(prefix)tessera-device"
        isSecure = isHTTPS
    }

    /// A cookie of ours; `nil` for the value takes it back.
    func make(_ name: String, _ value: String?, lifetime: Duration? = nil) throws -> SetCookie {
        try SetCookie(name, value ?? "", maxAge: value == nil ? .zero : lifetime, isSecure: isSecure)
    }
}
