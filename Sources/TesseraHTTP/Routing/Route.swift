/// One method on one pattern: what a router can list, for documentation and for tests against it.
public struct Route: Sendable, Hashable, CustomStringConvertible {
    public let method: Method
    /// The path, with a segment such as `:id` for each part that varies.
    public let pattern: String

    public init(_ method: Method, _ pattern: String) {
        self.method = method
        self.pattern = pattern
    }

    public var description: String { "\(method) \(pattern)" }
}
