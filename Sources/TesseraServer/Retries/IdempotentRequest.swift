import TesseraCore
import TesseraCrypto
import TesseraHTTP
import TesseraJSON
import TesseraTime

extension Retries {
    /// Answers a request once for its `Idempotency-Key`, and again in any case when it has none. Reads the body before.
    func answerOnce(
        _ request: Request, _ caller: Caller, _ rule: RetryRule,
        _ answer: (Request) async throws -> Response
    ) async throws -> Response {
        guard let key = try idempotencyKey(of: request) else { return try await answer(request) }
        let body = try await request.body.collect(upTo: rule.bodyLimit)
        var request = request
        request.body = RequestBody(body)
        let now = clock.now
        let claim = Claim(
            key: Claim.key(
                .request, [caller.retryIdentity, request.method.text, request.path, key.text]),
            holder: identifiers.next(at: now), fingerprint: fingerprint(of: request, body, key, rule),
            claimedAt: now, expiresAt: now + Claim.lifetime)
        let once = try await once(claim, at: now) {
            let response = try await answer(request)
            return OnceResult(response, outcome: .init(of: response, hiding: rule.secrets))
        }
        switch once {
        case .done(let response): return response
        case .before(let earlier): return Response(earlier)
        case .pending: throw RepeatedRequest.pending
        case .differs: throw RepeatedRequest.differs
        }
    }

    /// The key of a request; `nil` when it has none. Throws 400 for anything but one key.
    func idempotencyKey(of request: Request) throws(HTTPError) -> IdempotencyKey? {
        let values = request.fields.values(of: .idempotencyKey)
        guard let value = values.first else { return nil }
        guard values.count == 1, let key = IdempotencyKey(value) else {
            throw HTTPError(
                .badRequest,
                "Idempotency-Key must be one string of 1 to \(IdempotencyKey.longest) printable characters, such as \"8e03978e-40d5-43dd-bc93-6894a57f9324\".",
                culprit: .idempotencyKey)
        }
        return key
    }

    /// A code of the whole request, keyed with texts that the store never sees. A body may hold a password, which a digest
    /// alone would help to guess: then the caller's credentials are part of the key, because a client may choose a weak
    /// idempotency key.
    private func fingerprint(
        of request: Request, _ body: [UInt8], _ key: IdempotencyKey, _ rule: RetryRule
    ) -> SHA256Digest {
        var secrets = [key.text]
        if rule.isBodySecret {
            secrets.append(
                request.fields[.authorization] ?? cookies.value(of: cookies.session, in: request) ?? "")
        }
        let head = Claim.joined([request.method.text, request.path, request.query ?? ""])
        return HMACSHA256.code(for: head + body, key: Secret(Claim.joined(secrets)))
    }
}

/// The differences between endpoints that take an `Idempotency-Key`.
struct RetryRule: Sendable {
    /// The members of the answer that are never stored.
    var secrets: Set<String> = []
    var bodyLimit: Int
    /// Indicates that a digest of the body could help to guess a password in it.
    var isBodySecret = false
}

extension Caller {
    /// The scope of this caller's idempotency keys: the token itself, or the person with any of their sessions.
    ///
    /// A token never meets the keys of another token or of a session, so that it cannot read an answer that was meant for
    /// one that may do more.
    fileprivate var retryIdentity: String {
        switch self {
        case .session(_, let user): "session of \(user.id)"
        case .token(let token): "token \(token.id)"
        }
    }
}

extension OnceOutcome {
    /// 2xx: something was created. 4xx: nothing was. Of all else it is not known.
    fileprivate init(of response: Response, hiding secrets: Set<String>) {
        switch response.status.code {
        case 200..<300: self = .created(ClaimedAnswer(response, hiding: secrets))
        case 400..<500: self = .nothing
        default: self = .unknown
        }
    }
}

extension ClaimedAnswer {
    /// The part of an answer that is remembered: no secret, and no body that is too long.
    fileprivate init(_ response: Response, hiding secrets: Set<String>) {
        let body = Self.remembered(response.body, hiding: secrets)
        self.init(
            status: response.status.code, location: response.fields[.location],
            mediaType: body.isEmpty ? nil : response.fields[.contentType], body: body)
    }

    /// The body without its secrets. A body with secrets that is no JSON object is left out as a whole.
    private static func remembered(_ body: ResponseBody, hiding secrets: Set<String>) -> [UInt8] {
        guard case .bytes(let bytes) = body, bytes.count <= longestBody else { return [] }
        if secrets.isEmpty { return bytes }
        guard let members = (try? JSONValue.parse(bytes))?.object?.members else { return [] }
        return JSONWriter.bytes { json in
            json.object { json in
                for member in members where !secrets.contains(member.name) {
                    json.member(named: member.name) { $0.value(member.value) }
                }
            }
        }
    }
}

extension Response {
    /// The statuses of answers that are remembered.
    private static let remembered: [Status] = [.ok, .created, .noContent]

    /// The answer to a request that was answered before.
    fileprivate init(_ earlier: ClaimedAnswer) {
        var fields = Fields()
        if let mediaType = earlier.mediaType { fields.append(.contentType, mediaType) }
        if let location = earlier.location { fields.append(.location, location) }
        self.init(
            Self.remembered.first { $0.code == earlier.status } ?? .ok, fields: fields,
            body: earlier.body.isEmpty ? .empty : .bytes(earlier.body))
    }
}
