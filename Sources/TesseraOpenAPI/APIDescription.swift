package import TesseraHTTP

/// The title, version and summary of an API, for its description.
public struct APIInfo: Sendable {
    /// The title; `nil` for the realm of the authority.
    public var title: String?
    /// The version of the API, which is not that of the program.
    public var version = "1"
    /// The purpose of the API, in sentences; may be empty.
    public var summary = ""

    /// A description without a title and a summary.
    public init() {}
}

/// The routes that programs can call, taken from a route table.
public struct APIDescription: Sendable {
    /// The routes in the order of the route table.
    public let routes: [DescribedRoute]
    /// The title of the API.
    package let title: String
    /// The version and the summary of the API.
    package let info: APIInfo
    /// The address before every path.
    package let server: String
    /// The name of the cookie of a session.
    let sessionCookie: String

    /// Describes routes.
    ///
    /// - Parameters:
    ///   - title: The title where `info` has none.
    ///   - server: The address before every path.
    ///   - sessionCookie: The name of the cookie of a session.
    package init(
        _ routes: [DescribedRoute], _ info: APIInfo, title: String, server: String, sessionCookie: String
    ) {
        self.routes = routes
        self.info = info
        self.title = info.title ?? title
        self.server = server
        self.sessionCookie = sessionCookie
    }

    /// The subjects, in the order in which they first appear.
    package var tags: [APITag] {
        routes.reduce(into: []) { tags, route in
            if !tags.contains(where: { $0.name == route.operation.tag.name }) {
                tags.append(route.operation.tag)
            }
        }
    }

    /// The schemas that have a name, in the order in which they are first needed.
    package var schemas: [(name: String, schema: JSONSchema)] {
        var found: [(name: String, schema: JSONSchema)] = []
        for route in routes {
            for parameter in route.parameters { parameter.schema.collectNamed(into: &found) }
            route.body?.schema.collectNamed(into: &found)
            for answer in route.answers {
                answer.content?.schema.collectNamed(into: &found)
                for field in answer.fields { field.schema.collectNamed(into: &found) }
            }
        }
        return found
    }
}

extension Router {
    /// The routes for programs.
    package var describedRoutes: [DescribedRoute] {
        let styles = errorStyles
        return descriptions.compactMap { route, description in
            (description as? EndpointDescription).map {
                DescribedRoute(route, $0, errors: styles.style(of: route.method, at: route.pattern))
            }
        }
    }
}
