public import TesseraHTTP

/// The callers that an endpoint lets in.
public enum Access: Sendable, Hashable {
    /// Every caller. Credentials are not looked at.
    case unchecked
    /// Every caller. Credentials are optional, but those that are sent must be valid, and tell who calls.
    case anyCaller
    /// A session, or a token that has all of these scopes; without scopes, every valid token.
    case knownCaller([String])
    /// An OAuth client that authenticates (RFC 6749 §2.3).
    case client
}

/// The handler of a route with its access, its body and its error style: declared once, for the check and for the description.
///
/// `Authority.protect`, `Authority.open` and `Authority.unprotected` make one. It enters a route table together with an
/// ``APIOperation`` only, so that every endpoint for programs is described.
public struct Endpoint: Sendable {
    /// The callers that it lets in.
    public let access: Access
    /// The body that the handler takes; `nil` for none.
    public package(set) var body: BodyDescription?
    /// The form of its error answers; `nil` for that of the prefix above it.
    public private(set) var errors: ErrorStyle?
    /// The handler with all of its checks.
    package let responder: Responder
    /// Indicates that a session needs a fresh password; see `Authority.protectSensitive`.
    package var isSensitive = false
    /// Indicates that a repeated request creates nothing; see `Authority.creating`.
    package var takesIdempotencyKeys = false

    /// An endpoint of a service that checks its callers itself.
    package init(_ access: Access, _ responder: Responder) {
        self.access = access
        self.responder = responder
    }

    /// An endpoint of a handler that checks its callers itself.
    package init(_ access: Access, _ handler: @escaping Handler) {
        self.init(access, Responder(handler: handler))
    }

    /// The same endpoint with error answers of this form.
    public func answeringErrors(as style: ErrorStyle) -> Endpoint {
        var endpoint = self
        endpoint.errors = style
        return endpoint
    }
}

/// An endpoint and its operation, as a router keeps them.
package struct EndpointDescription: RouteDescription {
    /// The access, the body and the error style.
    package let endpoint: Endpoint
    /// The description of the operation.
    package let operation: APIOperation

    /// The description of one route.
    package init(_ endpoint: Endpoint, _ operation: APIOperation) {
        self.endpoint = endpoint
        self.operation = operation
    }
}

extension ErrorStyle {
    /// The errors of the OAuth endpoints (RFC 6749 §5.2): `error`, `error_description` and `error_uri`.
    public static let oauth = ErrorStyle("oauth")
}

extension Router {
    /// Registers an endpoint for programs.
    ///
    /// - Parameters:
    ///   - pattern: See ``on(_:_:through:handler:)``.
    ///   - operation: Its description.
    public mutating func on(
        _ method: Method, _ pattern: String, _ endpoint: Endpoint, _ operation: APIOperation
    ) {
        on(
            method, pattern, responder: endpoint.responder,
            description: EndpointDescription(endpoint, operation), errors: endpoint.errors)
    }

    /// Registers an endpoint for `GET`; see ``on(_:_:_:_:)``.
    public mutating func get(_ pattern: String, _ endpoint: Endpoint, _ operation: APIOperation) {
        on(.get, pattern, endpoint, operation)
    }

    /// Registers an endpoint for `POST`; see ``on(_:_:_:_:)``.
    public mutating func post(_ pattern: String, _ endpoint: Endpoint, _ operation: APIOperation) {
        on(.post, pattern, endpoint, operation)
    }

    /// Registers an endpoint for `PUT`; see ``on(_:_:_:_:)``.
    public mutating func put(_ pattern: String, _ endpoint: Endpoint, _ operation: APIOperation) {
        on(.put, pattern, endpoint, operation)
    }

    /// Registers an endpoint for `PATCH`; see ``on(_:_:_:_:)``.
    public mutating func patch(_ pattern: String, _ endpoint: Endpoint, _ operation: APIOperation) {
        on(.patch, pattern, endpoint, operation)
    }

    /// Registers an endpoint for `DELETE`; see ``on(_:_:_:_:)``.
    public mutating func delete(_ pattern: String, _ endpoint: Endpoint, _ operation: APIOperation) {
        on(.delete, pattern, endpoint, operation)
    }
}
