/// One method on one pattern, as a router lists it for documentation and for tests.
public struct Route: Sendable, Hashable, CustomStringConvertible {
    /// The method as registered; that `GET` answers `HEAD` as well is not listed.
    public let method: Method
    /// The path, with a segment such as `:id` for each part that varies.
    public let pattern: String

    /// Names a route; two are equal when both parts are spelled the same.
    public init(_ method: Method, _ pattern: String) {
        self.method = method
        self.pattern = pattern
    }

    public var description: String { "\(method) \(pattern)" }
}

/// The description of a route by a layer above. The router keeps it with the route, and does not look at it.
public protocol RouteDescription: Sendable {}
