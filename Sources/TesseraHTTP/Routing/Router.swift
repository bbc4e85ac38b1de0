/// The routes of a service, which become one handler at start-up.
///
/// The path picks the resource, and only then the method picks the handler, so that `DELETE /tokens/new` never
/// means the token `new` when there is a page of that path. A literal segment wins over a parameter.
///
/// ```swift
/// var router = Router()
/// router.get("/healthz") { _ in Response(.ok) }
/// router.group(under: "/settings", through: [requireSession]) {
///     $0.get("/tokens/:id") { request in try await page(for: request.parameters["id"]) }
/// }
/// let handler = router.makeHandler()
/// ```
public struct Router: Sendable {
    private var entries: [RouteTable.Entry] = []
    private var taken: Set<Route> = []
    private var prefixes: [(path: String, style: ErrorStyle)] = []

    /// Makes a router without routes.
    public init() {}

    /// The routes, in the order in which they were registered.
    public var routes: [Route] { entries.map { Route($0.method, $0.pattern.text) } }

    /// The routes that were registered with a description, in the same order.
    public var descriptions: [(route: Route, description: any RouteDescription)] {
        entries.compactMap { entry in
            entry.description.map { (Route(entry.method, entry.pattern.text), $0) }
        }
    }

    /// The error styles of the routes that are registered by now.
    public var errorStyles: ErrorStyles { ErrorStyles(entries, prefixes: prefixes) }

    /// Registers a handler for a method and a pattern.
    ///
    /// A faulty pattern, or a method that the same paths already have, is a programming error.
    ///
    /// - Parameters:
    ///   - method: Any method; `HEAD` and `OPTIONS` are answered without, see ``makeHandler()``.
    ///   - pattern: `/`, or segments such as `/settings/tokens/:id`, where `:id` matches one segment of any text.
    ///   - middleware: The middleware around the handler, the outermost first.
    ///   - handler: Answers the request, which has the segment that `:id` matched in `request.parameters["id"]`.
    public mutating func on(
        _ method: Method, _ pattern: String, through middleware: [Middleware] = [], handler: @escaping Handler
    ) {
        add(method, pattern, middleware, handler)
    }

    /// Registers a service with its description and, if it differs from that of its prefix, its error style.
    public mutating func on(
        _ method: Method, _ pattern: String, responder: Responder, description: any RouteDescription,
        errors: ErrorStyle? = nil
    ) {
        add(method, pattern, responder, description: description, errors: errors)
    }

    /// Answers errors below a prefix in this style, unless a route or a longer prefix has a style of its own.
    ///
    /// It holds also for paths and methods without a route: below `/api`, an error at `/api/nothing` has this style, and one
    /// at `/api` itself has not.
    ///
    /// - Parameter prefix: A path without parameters and without a slash at its end.
    public mutating func answerErrors(as style: ErrorStyle, under prefix: String) {
        prefixes.append((prefix + "/", style))
    }

    /// Registers a handler for `GET`, which answers `HEAD` too; see ``on(_:_:through:handler:)``.
    public mutating func get(
        _ pattern: String, through middleware: [Middleware] = [], handler: @escaping Handler
    ) {
        add(.get, pattern, middleware, handler)
    }

    /// Registers a service for `GET`, which answers without waiting where it can.
    public mutating func get(_ pattern: String, responder: Responder) {
        add(.get, pattern, responder)
    }

    /// Registers a handler for `POST`; see ``on(_:_:through:handler:)``.
    public mutating func post(
        _ pattern: String, through middleware: [Middleware] = [], handler: @escaping Handler
    ) {
        add(.post, pattern, middleware, handler)
    }

    /// Registers a handler for `PUT`; see ``on(_:_:through:handler:)``.
    public mutating func put(
        _ pattern: String, through middleware: [Middleware] = [], handler: @escaping Handler
    ) {
        add(.put, pattern, middleware, handler)
    }

    /// Registers a handler for `PATCH`; see ``on(_:_:through:handler:)``.
    public mutating func patch(
        _ pattern: String, through middleware: [Middleware] = [], handler: @escaping Handler
    ) {
        add(.patch, pattern, middleware, handler)
    }

    /// Registers a handler for `DELETE`; see ``on(_:_:through:handler:)``.
    public mutating func delete(
        _ pattern: String, through middleware: [Middleware] = [], handler: @escaping Handler
    ) {
        add(.delete, pattern, middleware, handler)
    }

    /// Registers routes that share a prefix, an error style, middleware, or all of these.
    ///
    /// - Parameters:
    ///   - prefix: A pattern that stands before each one; a group's `/` is the prefix itself.
    ///   - errors: The error style of the group, also for paths below the prefix without a route (``answerErrors(as:under:)``).
    ///   - middleware: The middleware around each handler, the outermost first. It does not run for a path or a method
    ///     without a route.
    ///   - register: Registers the routes of the group.
    public mutating func group(
        under prefix: String = "", errors: ErrorStyle? = nil, through middleware: [Middleware] = [],
        register: (inout Router) -> Void
    ) {
        var group = Router()
        register(&group)
        for entry in group.entries {
            let pattern = prefix.isEmpty || entry.pattern.text != "/" ? prefix + entry.pattern.text : prefix
            add(
                entry.method, pattern, entry.responder, middleware, description: entry.description,
                errors: entry.errors ?? errors)
        }
        for (path, style) in group.prefixes { prefixes.append((prefix + path, style)) }
        if let errors { answerErrors(as: errors, under: prefix) }
    }

    /// Makes the handler that finds and calls the routes.
    ///
    /// `HEAD` is answered by `GET`, whose body the engine leaves out (RFC 9110 §9.3.2); `OPTIONS` with 204 and
    /// `Allow`, unless there is a route for it.
    ///
    /// - Returns: A handler that throws ``HTTPError`` 404 for a path that no route has, and 405 with `Allow` for a
    ///   method that the path does not have (RFC 9110 §15.5.6).
    public func makeHandler() -> Handler { makeResponder().handler }

    /// Makes the service of all routes; see ``makeHandler()``.
    public func makeResponder() -> Responder {
        let table = RouteTable(entries)
        return Responder(
            immediate: { request in
                guard let resource = table.literal(request.path),
                    let route = resource.route(for: request.method),
                    let immediate = route.responder.immediate
                else { return nil }
                return try immediate(request)
            },
            handler: { request in
                // Only OPTIONS has this target; it asks about the server as a whole (RFC 9110 §9.3.7).
                if request.method == .options, request.path == "*" {
                    return Response(.noContent, fields: table.allow)
                }
                guard let match = table.match(request.path) else {
                    throw HTTPError(.notFound, "There is nothing at this path.")
                }
                guard let route = match.resource.route(for: request.method) else {
                    if request.method == .options {
                        return Response(.noContent, fields: match.resource.allow)
                    }
                    throw HTTPError(
                        .methodNotAllowed,
                        "This path answers \(match.resource.allow[.allow] ?? "nothing"), not \(request.method.text).",
                        fields: match.resource.allow)
                }
                if match.parameters.isEmpty { return try await route.responder.handler(request) }
                var request = request
                request.parameters = PathParameters()
                for (name, range) in zip(route.parameterNames, match.parameters) {
                    let value = request.path.withUTF8 { String(decoding: $0[range], as: UTF8.self) }
                    request.parameters.append(name: name, value: value)
                }
                return try await route.responder.handler(request)
            })
    }

    /// Makes a test that reports whether a decoded path leads to a route of any method.
    public func makePathTest() -> @Sendable (String) -> Bool {
        let table = RouteTable(entries)
        return { table.match($0) != nil }
    }

    private mutating func add(
        _ method: Method, _ text: String, _ middleware: [Middleware], _ handler: @escaping Handler
    ) {
        add(method, text, Responder(handler: handler), middleware)
    }

    private mutating func add(
        _ method: Method, _ text: String, _ responder: Responder, _ middleware: [Middleware] = [],
        description: (any RouteDescription)? = nil, errors: ErrorStyle? = nil
    ) {
        guard let pattern = RoutePattern(text) else { preconditionFailure("not a route pattern: \(text)") }
        precondition(
            taken.insert(Route(method, pattern.shape)).inserted, "\(method) \(text) is registered twice")
        let wrapped = middleware.reversed().reduce(responder.handler) { inner, wrap in wrap(inner) }
        // Middleware surrounds handlers, and a request must not get past it.
        let immediate = middleware.isEmpty ? responder.immediate : nil
        entries.append(
            RouteTable.Entry(
                method: method, pattern: pattern,
                responder: Responder(immediate: immediate, handler: wrapped), description: description,
                errors: errors))
    }
}
