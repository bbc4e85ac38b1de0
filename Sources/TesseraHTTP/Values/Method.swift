/// A request method: a case-sensitive token, RFC 9110 §9.1.
public struct Method: Sendable, Hashable, CustomStringConvertible {
    /// The method as in the request line, such as `GET`.
    public let text: String

    /// Makes a method from a token that the parser has accepted.
    init(unchecked text: String) { self.text = text }

    /// RFC 9110 §9.3.1.
    public static let get = Method(unchecked: "GET")
    /// RFC 9110 §9.3.2.
    public static let head = Method(unchecked: "HEAD")
    /// RFC 9110 §9.3.3.
    public static let post = Method(unchecked: "POST")
    /// RFC 9110 §9.3.4.
    public static let put = Method(unchecked: "PUT")
    /// RFC 5789 §2.
    public static let patch = Method(unchecked: "PATCH")
    /// RFC 9110 §9.3.5.
    public static let delete = Method(unchecked: "DELETE")
    /// RFC 9110 §9.3.7.
    public static let options = Method(unchecked: "OPTIONS")
    /// RFC 9110 §9.3.8. Never served: a response that repeats a request could reveal its credentials to a script.
    public static let trace = Method(unchecked: "TRACE")
    /// A safe method with a body (IETF draft `httpbis-safe-method-w-body`).
    public static let query = Method(unchecked: "QUERY")

    public var description: String { text }

    /// Indicates that the method is safe, that is, changes nothing (RFC 9110 §9.2.1).
    public var isSafe: Bool { self == .get || self == .head || self == .options || self == .query }
}
