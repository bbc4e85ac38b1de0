/// A request method: a case-sensitive token, RFC 9110 §9.1.
public struct Method: Sendable, Hashable, CustomStringConvertible {
    /// The method as it stands in the request line, such as `GET`.
    public let text: String

    /// Makes a method from a token that the parser has already accepted.
    init(unchecked text: String) { self.text = text }

    public static let get = Method(unchecked: "GET")
    public static let head = Method(unchecked: "HEAD")
    public static let post = Method(unchecked: "POST")
    public static let put = Method(unchecked: "PUT")
    public static let patch = Method(unchecked: "PATCH")
    public static let delete = Method(unchecked: "DELETE")
    public static let options = Method(unchecked: "OPTIONS")
    /// Known in order to be refused as every method that a path does not have: nothing here reflects a request.
    public static let trace = Method(unchecked: "TRACE")
    /// Asks with a body, and changes nothing.
    public static let query = Method(unchecked: "QUERY")

    public var description: String { text }

    /// Whether the method promises not to change anything (RFC 9110 §9.2.1).
    public var isSafe: Bool { self == .get || self == .head || self == .options || self == .query }
}
