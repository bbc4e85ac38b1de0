public import TesseraHTTP

/// A row of the route table with everything that a program has to know of it.
public struct DescribedRoute: Sendable {
    /// The method and the path.
    public let route: Route
    /// The description of the operation.
    public let operation: APIOperation
    /// The form of its error answers.
    public let errors: ErrorStyle
    private let endpoint: Endpoint

    /// A route with its description and the error style of its router.
    package init(_ route: Route, _ description: EndpointDescription, errors: ErrorStyle = .page) {
        self.route = route
        self.errors = errors
        endpoint = description.endpoint
        operation = description.operation
    }

    /// The callers that it lets in.
    public var access: Access { endpoint.access }
    /// The body that it takes; `nil` for none.
    public var body: BodyDescription? { endpoint.body }
    /// Indicates that a session needs a fresh password.
    public var isSensitive: Bool { endpoint.isSensitive }
    /// Indicates that a request may carry an `Idempotency-Key`.
    public var takesIdempotencyKeys: Bool { endpoint.takesIdempotencyKeys }

    /// The path as OpenAPI writes it: `/api/tokens/{id}`.
    public var path: String {
        route.pattern.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0) }
            .joined(separator: "/")
    }

    /// The parameters of the operation, and before them those of the path that only the pattern names.
    package var parameters: [APIOperation.Parameter] {
        let named = Set(operation.parameters.filter { $0.place == .path }.map(\.name))
        let unnamed = route.pattern.split(separator: "/")
            .filter { $0.hasPrefix(":") }.map { String($0.dropFirst()) }
            .filter { !named.contains($0) }
        return unnamed.map { .path($0, .string) } + operation.parameters
            + (takesIdempotencyKeys ? [.idempotencyKey] : [])
    }

    /// Every answer that it can give, each status once, in the order of the statuses.
    ///
    /// The answers of the operation itself stand before those that follow from the access, the address and the body.
    package var answers: [APIOperation.Answer] {
        var answers: [APIOperation.Answer] = []
        let all =
            operation.answers + answersOfAccess + answersOfAddress + answersOfRetries + answersOfBody
        for answer in errors == .oauth ? all.map(\.asOAuthError) : all
        where !answers.contains(where: { $0.status == answer.status }) {
            answers.append(isWarningOfExpiry(answer) ? answer.adding(.tesseraTokenExpires) : answer)
        }
        return answers.sorted { $0.status.code < $1.status.code }
    }

    private func isWarningOfExpiry(_ answer: APIOperation.Answer) -> Bool {
        access != .unchecked && access != .client && answer.status.code < 300
    }

    private var answersOfAccess: [APIOperation.Answer] {
        var answers: [APIOperation.Answer] = []
        switch access {
        case .unchecked: return []
        case .client:
            return [
                .problem(
                    .unauthorized, "The client did not authenticate, or its credentials are not valid.",
                    fields: [.challenge]),
                .problem(.badRequest, "The request is malformed."),
                .problem(
                    .serviceUnavailable, "The store cannot answer at present.", fields: [.retryAfter]),
            ]
        case .anyCaller:
            answers.append(
                .problem(
                    .unauthorized, "The credentials that were sent are not valid.", fields: [.challenge]))
        case .knownCaller(let scopes):
            answers.append(
                .problem(
                    .unauthorized, "There are no credentials, or they are not valid.", fields: [.challenge]))
            if scopes.isEmpty, route.method.isSafe {
                answers.append(
                    .problem(.forbidden, "The token stands for an application, and not for a person."))
            } else if !scopes.isEmpty {
                answers.append(
                    .problem(
                        .forbidden,
                        route.method.isSafe
                            ? "The token lacks a scope."
                            : "The token lacks a scope, or a session did not prove that a page of ours asked\(ofAge).",
                        fields: [.challenge]))
            }
        }
        if !route.method.isSafe {
            answers.append(.problem(.forbidden, "A session did not prove that a page of ours asked\(ofAge)."))
            answers.append(
                .problem(.preconditionFailed, "`If-Match` names an entity tag; nothing here has one."))
        }
        answers.append(.problem(.badRequest, "The request is malformed."))
        answers.append(
            .problem(.serviceUnavailable, "The store cannot answer at present.", fields: [.retryAfter]))
        return answers
    }

    /// The condition for a session besides the form token, for something sensitive.
    private var ofAge: String { isSensitive ? ", or its password was given too long ago" : "" }

    private var answersOfAddress: [APIOperation.Answer] {
        guard parameters.contains(where: { $0.place == .path }) else { return [] }
        return [.problem(.notFound, "There is no such thing, or it is not for this caller.")]
    }

    private var answersOfRetries: [APIOperation.Answer] {
        guard takesIdempotencyKeys else { return [] }
        return [
            .problem(.badRequest, "`Idempotency-Key` or the body is malformed."),
            .problem(
                .conflict, "A request with this `Idempotency-Key` is in progress, or its end is not known."),
            .problem(
                .unprocessableContent,
                "The body does not say what it should, or differs from that of an earlier request with this "
                    + "`Idempotency-Key`; `violations` names all of it."),
        ]
    }

    private var answersOfBody: [APIOperation.Answer] {
        guard let body else { return [] }
        return [
            .problem(
                .badRequest,
                body.isForm
                    ? "The body is not a form, or the request is malformed otherwise."
                    : "The body is not JSON, or the request is malformed otherwise."),
            .problem(.contentTooLarge, "The body is too large."),
            .problem(
                .unsupportedMediaType, "The body is not of the type \(body.mediaType.essence).",
                fields: [.init(.accept, "The type it must have.", isRequired: true)]),
            .problem(
                .unprocessableContent, "The body does not say what it should; `violations` names all of it."),
        ]
    }
}

extension APIOperation.Answer {
    /// The same refusal in the form of an OAuth error. A body that breaks a rule is a bad request there (RFC 6749 §5.2).
    fileprivate var asOAuthError: Self {
        guard content?.mediaType == .problemJSON else { return self }
        return Self(
            status: status == .unprocessableContent ? .badRequest : status, meaning: meaning,
            content: Content(mediaType: .json, schema: .oauthError), fields: fields)
    }

    fileprivate func adding(_ field: Field) -> Self {
        Self(status: status, meaning: meaning, content: content, fields: fields + [field])
    }
}
