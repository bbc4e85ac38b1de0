public import TesseraHTTP

/// Whom an endpoint lets in.
public enum Access: Sendable, Hashable {
    /// Everybody. Credentials are not looked at.
    case everybody
    /// Everybody. Credentials that are sent must be good, and tell who calls.
    case anyCaller
    /// A session, or a token that has all of these scopes; without scopes, any good token.
    case knownCaller([String])
}

/// What answers requests, and whom it lets in: said once, for the check and for the description.
///
/// Made by `Authority.protect`, `Authority.open` and `Authority.unprotected`. It enters a route
/// table together with an ``APIOperation`` only, so that no endpoint for programs goes undescribed.
public struct Endpoint: Sendable {
    public let access: Access
    package let responder: Responder
    /// Whether a session needs a fresh password; see `Authority.protectSensitive`.
    package var isSensitive = false
    /// Whether a repeated request creates nothing; see `Creation`.
    package var takesIdempotencyKeys = false

    package init(_ access: Access, _ responder: Responder) {
        self.access = access
        self.responder = responder
    }

    package init(_ access: Access, _ handler: @escaping Handler) {
        self.init(access, Responder(handler: handler))
    }
}

/// An endpoint's access and operation, as a router keeps them.
package struct EndpointDescription: RouteDescription {
    package let access: Access
    package let isSensitive: Bool
    package let takesIdempotencyKeys: Bool
    package let operation: APIOperation

    package init(
        access: Access, isSensitive: Bool = false, takesIdempotencyKeys: Bool = false, operation: APIOperation
    ) {
        self.access = access
        self.isSensitive = isSensitive
        self.takesIdempotencyKeys = takesIdempotencyKeys
        self.operation = operation
    }
}

extension Router {
    /// Registers an endpoint for programs.
    ///
    /// - Parameters:
    ///   - pattern: See ``on(_:_:through:handler:)``.
    ///   - operation: How it is described.
    public mutating func on(
        _ method: Method, _ pattern: String, _ endpoint: Endpoint, _ operation: APIOperation
    ) {
        on(
            method, pattern, responder: endpoint.responder,
            description: EndpointDescription(
                access: endpoint.access, isSensitive: endpoint.isSensitive,
                takesIdempotencyKeys: endpoint.takesIdempotencyKeys, operation: operation))
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
