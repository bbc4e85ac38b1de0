/// The form of the error answers of a route, or of all paths below a prefix.
///
/// A router keeps the styles. The layer that turns errors into answers looks them up, and may define styles of its own.
public struct ErrorStyle: Sendable, Hashable {
    private let name: String

    /// A style; two with the same name are the same.
    public init(_ name: String) { self.name = name }

    /// A problem document (RFC 9457) for every client.
    public static let problem = ErrorStyle("problem")
    /// A page for a client that prefers HTML, and a problem document for all others.
    public static let page = ErrorStyle("page")
}

/// The error styles of the routes and prefixes of a router.
///
/// Only an error looks one up, so that styles cost a request without an error nothing.
public struct ErrorStyles: Sendable {
    /// The routes with a style of their own.
    private let routes: RouteTable
    /// The longest first.
    private let prefixes: [(path: String, style: ErrorStyle)]

    /// Styles of a service without routes: ``ErrorStyle/page`` for every path.
    public init() { self.init([], prefixes: []) }

    init(_ entries: [RouteTable.Entry], prefixes: [(path: String, style: ErrorStyle)]) {
        routes = RouteTable(entries.filter { $0.errors != nil })
        self.prefixes = prefixes.sorted { $0.path.utf8.count > $1.path.utf8.count }
    }

    /// The style of the route for this method and path.
    ///
    /// A path with other methods has the style of its first route, and one without a route that of the longest prefix
    /// above it.
    public func style(of method: Method, at path: String) -> ErrorStyle {
        if let resource = routes.match(path)?.resource,
            let style = (resource.route(for: method) ?? resource.routes.first)?.errors
        {
            return style
        }
        return prefixes.first { path.utf8.starts(with: $0.path.utf8) }?.style ?? .page
    }
}
