import TesseraCrypto
public import TesseraHTTP
import TesseraJOSE
public import TesseraOpenAPI

extension Authority {
    /// Makes the whole of a service: the routes, what describes them, and what surrounds every handler.
    ///
    /// - Parameters:
    ///   - router: All routes, those of the authority among them. `/openapi.json` and `/docs` describe all that are
    ///     for programs.
    ///   - accessLog: Takes a line for each request; `nil` for none.
    /// - Throws: ``MissingScopes`` for a route that no token could call.
    public func service(of router: Router, accessLog: AccessLog? = nil) throws(MissingScopes) -> Responder {
        if let missing = MissingScopes(router, catalogue) { throw missing }
        var router = router
        errors.use(router.errorStyles)
        let description = description(of: router)
        router.get(Self.documentPath, unprotected(serve(OpenAPIDocument(description))), .showDescription)
        router.get("/docs", handler: pages.visit(show(Reference(description))))
        return serviceLayer(accessLog: accessLog).around(router.makeResponder())
            .at(configuration.sitePath, leadsTo: router.makePathTest())
    }

    /// What programs can call: those of the routes that are for them, and `/openapi.json`.
    public func description(of router: Router) -> APIDescription {
        let itself = DescribedRoute(
            Route(.get, Self.documentPath),
            EndpointDescription(Endpoint(.unchecked) { _ in Response(.ok) }, .showDescription))
        return APIDescription(
            router.describedRoutes + [itself], configuration.api, title: configuration.realm,
            server: configuration.issuer, sessionCookie: authenticator.cookies.session.text)
    }

    private static let documentPath = "/openapi.json"

    /// `GET /docs`: the same for people. The one page whose script calls the API, so the one whose policy lets it.
    private func show(_ reference: Reference) -> @Sendable (Request, Visitor) async throws -> Response {
        { [self] _, visitor in
            var response = pages.html(ReferencePage(context: visitor.context(), reference: reference))
            response.fields.append(
                .contentSecurityPolicy,
                SecurityHeaders.Configuration.strictPagePolicy + "; connect-src 'self'")
            return response
        }
    }

    /// `GET /openapi.json`: made once, and kept by whoever asks for a minute.
    private func serve(_ document: OpenAPIDocument) -> Responder {
        let bytes = document.bytes
        let tag = EntityTag(Base64URL.encode(Array(SHA256.digest(of: bytes).bytes.prefix(12))))!
        let fields: Fields = [.entityTag: tag.fieldValue, .cacheControl: "public, max-age=60"]
        let whole = Response(.ok, "application/json", bytes, fields: fields)
        let unchanged = Response(.notModified, fields: fields)
        @Sendable func answer(_ request: Request) throws(HTTPError) -> Response {
            try request.requireMatch(of: tag)
            return request.hasCopy(of: tag) ? unchanged : whole
        }
        return Responder(immediate: { try answer($0) }, handler: { try answer($0) })
    }
}

extension APIOperation {
    fileprivate static let showDescription = APIOperation(
        "showDescription", "Describe this API", in: .service,
        answers: [
            .ok(.any, "This document, OpenAPI 3.1.", fields: [.entityTag]),
            .notModified("The copy that `If-None-Match` names is still good.", fields: [.entityTag]),
            .problem(.preconditionFailed, "`If-Match` does not name this document."),
        ])
}
