import TesseraCrypto
import TesseraHTTP

/// The names of our cookies.
///
/// Cookies know nothing of ports and little of paths, so that two services on one host would overwrite each other's: each
/// name has a part that only this installation has, on all of its nodes. On https, the `__Host-` prefix keeps other hosts of
/// the domain from setting them; it demands `Path=/` (RFC 6265bis §4.1.3.2), also for an issuer with a path.
struct CookieNames: Sendable {
    /// A name, and the one that it had before installations had names of their own.
    struct Name: Sendable {
        let text: String
        /// Still read where a browser does not send the other, so that sessions survive an upgrade. Never set.
        let former: String
    }

    /// Holds what a session is found by.
    let session: Name
    /// Binds the forms of a visitor who is not signed in.
    let visitor: Name
    /// Marks a browser in which a person has signed in before.
    let browser: Name
    private let isSecure: Bool

    /// - Parameter installation: Bytes that no other installation has, the same at every start.
    init(installation: [UInt8], isHTTPS: Bool) {
        let digest = SHA256.digest(of: installation).bytes.prefix(5)
        let own = digest.map { String($0 >> 4, radix: 16) + String($0 & 0xF, radix: 16) }.joined()
        func name(_ text: String) -> Name {
            let prefix = isHTTPS ? "__Host-" : ""
            return Name(text: "\(prefix)\(own)-\(text)", former: "\(prefix)\(text)")
        }
        session = name("tessera-session")
        visitor = name("tessera-visitor")
        browser = name("tessera-device")
        isSecure = isHTTPS
    }

    /// The value of a cookie of ours that a request has exactly once.
    func value(of name: Name, in request: Request) -> String? {
        let cookies = request.cookies
        return cookies.values(of: name.text).isEmpty ? cookies.single(name.former) : cookies.single(name.text)
    }

    /// Reports whether a cookie of this name describes a browser, and is no attempt to sign in.
    func isOfVisitor(_ name: String) -> Bool {
        [visitor.text, visitor.former, browser.text, browser.former].contains(name)
    }

    /// A cookie of ours; `nil` for the value takes it back.
    func make(_ name: Name, _ value: String?, lifetime: Duration? = nil) throws -> SetCookie {
        try make(name.text, value, lifetime: lifetime)
    }

    /// Takes back a cookie under its former name, where that is what this request has; `nil` where it is not.
    func takingBackFormer(_ name: Name, of request: Request, ifItIs value: String?) throws -> SetCookie? {
        guard let value, request.cookies.values(of: name.former) == [value] else { return nil }
        return try make(name.former, nil, lifetime: nil)
    }

    private func make(_ name: String, _ value: String?, lifetime: Duration?) throws -> SetCookie {
        try SetCookie(name, value ?? "", maxAge: value == nil ? .zero : lifetime, isSecure: isSecure)
    }
}
