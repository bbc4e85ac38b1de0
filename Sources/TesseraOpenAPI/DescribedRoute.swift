public import TesseraHTTP

/// A row of the route table together with everything that is known of it.
public struct DescribedRoute: Sendable {
    public let route: Route
    public let access: Access
    /// Whether a session needs a fresh password.
    public let isSensitive: Bool
    /// Whether a request may carry an `Idempotency-Key`.
    public let takesIdempotencyKeys: Bool
    public let operation: APIOperation

    package init(_ route: Route, _ description: EndpointDescription) {
        self.route = route
        access = description.access
        isSensitive = description.isSensitive
        takesIdempotencyKeys = description.takesIdempotencyKeys
        operation = description.operation
    }

    /// The path as OpenAPI writes it: `/api/tokens/{id}`.
    public var path: String {
        route.pattern.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0) }
            .joined(separator: "/")
    }

    /// The parameters that the operation names, and before them those of the path that it leaves to the pattern.
    package var parameters: [APIOperation.Parameter] {
        let named = Set(operation.parameters.filter { $0.place == .path }.map(\.name))
        let unnamed = route.pattern.split(separator: "/")
            .filter { $0.hasPrefix(":") }.map { String($0.dropFirst()) }
            .filter { !named.contains($0) }
        return unnamed.map { .path($0, .string) } + operation.parameters
            + (takesIdempotencyKeys ? [.idempotencyKey] : [])
    }

    /// Every answer it can give, each status once, in the order of the statuses.
    ///
    /// What the operation says itself stands before what follows from who may call, from the address and from the body.
    package var answers: [APIOperation.Answer] {
        var answers: [APIOperation.Answer] = []
        for answer in operation.answers + answersOfAccess + answersOfAddress + answersOfRetries
            + answersOfBody
        where !answers.contains(where: { $0.status == answer.status }) {
            answers.append(isWarningOfExpiry(answer) ? answer.adding(.tesseraTokenExpires) : answer)
        }
        return answers.sorted { $0.status.code < $1.status.code }
    }

    private func isWarningOfExpiry(_ answer: APIOperation.Answer) -> Bool {
        access != .everybody && answer.status.code < 300
    }

    private var answersOfAccess: [APIOperation.Answer] {
        var answers: [APIOperation.Answer] = []
        switch access {
        case .everybody: return []
        case .anyCaller:
            answers.append(
                .problem(
                    .unauthorized, "Credentials were sent, and they are no good.", fields: [.challenge]))
        case .knownCaller(let scopes):
            answers.append(
                .problem(
                    .unauthorized, "There are no credentials, or they are no good.", fields: [.challenge]))
            if !scopes.isEmpty {
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

    /// What a session also has to be, for something sensitive.
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
        guard let body = operation.body else { return [] }
        return [
            .problem(.badRequest, "The body is not JSON, or the request is malformed otherwise."),
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
    fileprivate func adding(_ field: Field) -> Self {
        Self(status: status, meaning: meaning, content: content, fields: fields + [field])
    }
}
