import Synchronization
public import TesseraHTTP
public import TesseraJSON
public import TesseraOpenAPI

/// A client that calls the handlers of a service in process. It keeps cookies and sends the form token of the last page,
/// but does not follow redirects.
public final class TestClient: Sendable {
    private struct State {
        var cookies: [(name: String, value: String)] = []
        var formToken: String?
        var formNumber: String?

        mutating func set(_ name: String, _ value: String) {
            cookies.removeAll { $0.name == name }
            cookies.append((name, value))
        }

        /// Stores the cookie of a `Set-Cookie` field, or removes it if its age is over.
        mutating func keep(_ field: String) {
            let pair = field.prefix { $0 != ";" }.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2 else { return }
            if field.contains("; Max-Age=0") {
                cookies.removeAll { $0.name == pair[0] }
            } else {
                set(String(pair[0]), String(pair[1]))
            }
        }
    }

    private let responder: Responder
    private let description: APIDescription?
    private let state = Mutex(State())

    /// - Parameter description: The description to compare every answer with; `nil` for no comparison.
    public init(_ responder: Responder, description: APIDescription? = nil) {
        self.responder = responder
        self.description = description
    }

    /// The form token of the last page, which forms and scripts send.
    public var formToken: String? { state.withLock { $0.formToken } }

    /// The number of the form on the last page, which makes the form valid once; `nil` without one.
    public var formNumber: String? { state.withLock { $0.formNumber } }

    /// The value of a stored cookie, by its name without the part that is unique to the installation.
    public func cookie(_ name: String) -> String? {
        state.withLock { state in
            let own = state.cookies.first { $0.name.hasSuffix("-\(name)") }
            return (own ?? state.cookies.first { $0.name == name })?.value
        }
    }

    /// The value of a stored cookie, by its whole name.
    public func cookie(named name: String) -> String? {
        state.withLock { $0.cookies.first { $0.name == name }?.value }
    }

    /// The names of the stored cookies.
    public var cookieNames: [String] { state.withLock { $0.cookies.map(\.name) } }

    /// Stores a cookie that no answer has set.
    public func plant(_ name: String, _ value: String) {
        state.withLock { $0.set(name, value) }
    }

    /// Sends a request.
    ///
    /// - Parameters:
    ///   - target: The decoded path, with the query after a `?`.
    ///   - token: The token to send after `Bearer`; `nil` for no `Authorization` field.
    ///   - fields: The other request fields.
    ///   - meanwhile: Runs while the handler waits for the body; `nil` sends the body with the header.
    /// - Throws: ``UndescribedAnswer`` if the answer does not match the description of the API.
    public func send(
        _ method: Method, _ target: String, token: String? = nil, fields: Fields = Fields(),
        body: [UInt8] = [], meanwhile: (@Sendable () async throws -> Void)? = nil
    ) async throws -> TestAnswer {
        let parts = target.split(separator: "?", maxSplits: 1)
        var fields = fields
        if let token { fields.append(.authorization, "Bearer \(token)") }
        let jar = state.withLock { $0.cookies.map { "\($0.name)=\($0.value)" }.joined(separator: "; ") }
        if !jar.isEmpty { fields.append(.cookie, jar) }
        let request = Request(
            method, String(parts[0]), query: parts.count > 1 ? String(parts[1]) : nil, fields: fields,
            body: meanwhile.map { work in
                RequestBody(arriving: {
                    try await work()
                    return body
                })
            } ?? RequestBody(body))
        let answer = TestAnswer(try await respond(to: request))
        state.withLock { state in
            for field in answer.fields.values(of: .setCookie) { state.keep(field) }
            if let token = answer.formToken {
                state.formToken = token
                state.formNumber = answer.formNumber
            }
        }
        try description?.check(answer, to: request)
        return answer
    }

    /// Sends a GET that accepts pages and JSON.
    public func get(_ target: String, token: String? = nil) async throws -> TestAnswer {
        try await send(.get, target, token: token, fields: [.accept: "text/html, application/json"])
    }

    /// Sends a form as a page of the service does.
    ///
    /// - Parameters:
    ///   - proof: The form token; by default, that of the last page. An empty text sends none.
    ///   - number: The number of the form; by default, that of the last page. An empty text sends none.
    public func post(
        _ target: String, form: [(String, String)] = [], proof: String? = nil, number: String? = nil,
        fields: Fields = Fields(), meanwhile: (@Sendable () async throws -> Void)? = nil
    ) async throws -> TestAnswer {
        let proof = proof ?? formToken ?? ""
        let number = number ?? formNumber ?? ""
        let pairs =
            form + (proof.isEmpty ? [] : [("csrf", proof)]) + (number.isEmpty ? [] : [("once", number)])
        var fields = fields
        fields.append(.contentType, "application/x-www-form-urlencoded")
        fields.append(.accept, "text/html")
        return try await send(
            .post, target, fields: fields, body: Array(FormEncoding.encode(pairs).utf8),
            meanwhile: meanwhile)
    }

    /// Sends JSON as a program does. With the form token as `proof`, sends it as the script of a page does.
    public func send(
        _ method: Method, _ target: String, token: String? = nil, proof: String? = nil, json: String,
        meanwhile: (@Sendable () async throws -> Void)? = nil
    ) async throws -> TestAnswer {
        var fields: Fields = [.contentType: "application/json"]
        if let proof { fields.append("X-CSRF-Token", proof) }
        return try await send(
            method, target, token: token, fields: fields, body: Array(json.utf8), meanwhile: meanwhile)
    }

    /// Answers as the server does: first with the handler that never waits.
    private func respond(to request: Request) async throws -> Response {
        if let response = try responder.immediate?(request) { return response }
        return try await responder.handler(request)
    }
}

/// The answer to a request of a ``TestClient``.
public struct TestAnswer: Sendable {
    /// The status code.
    public let status: Int
    /// All response fields, except those that the server adds.
    public let fields: Fields
    /// The body.
    public let bytes: [UInt8]

    init(_ response: Response) {
        status = response.status.code
        fields = response.allFields
        bytes = if case .bytes(let bytes) = response.body { bytes } else { [] }
    }

    /// The body as UTF-8.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The body as JSON; `null` if it is not JSON.
    public var json: JSONValue { (try? JSONValue.parse(bytes)) ?? .null }

    /// A member of the JSON object in the body.
    public subscript(member: String) -> JSONValue? { json.object?[member] }

    /// The field `Location`.
    public var location: String? { fields[.location] }

    /// The identifier under which the reason of a refusal can be looked up.
    public var refusal: String? { fields["Tessera-Refusal"] }

    /// The field `WWW-Authenticate`.
    public var challenge: String? { fields[.wwwAuthenticate] }

    /// The paths of the members that violate a rule.
    public var violations: [String] {
        self["violations"]?.array?.compactMap { $0.object?["path"]?.string } ?? []
    }

    /// Reports whether the answer is a problem document of this status with a reason that can be looked up.
    public func isProblem(_ status: Int) -> Bool {
        self.status == status && fields[.contentType] == "application/problem+json"
            && self["status"]?.number?.int64 == Int64(status)
            && refusal.map { $0 == self["refusal"]?.string } ?? false
    }

    /// The form token of the page.
    public var formToken: String? {
        text.firstMatch(of: /name="csrf" value="([^"]+)"/).map { String($0.1) }
            ?? text.firstMatch(of: /value="([^"]+)" name="csrf"/).map { String($0.1) }
    }

    /// The number of the form on the page.
    public var formNumber: String? {
        text.firstMatch(of: /name="once" (?:type="hidden" )?value="([^"]+)"/).map { String($0.1) }
    }

    /// The text of the element with this identifier, up to its first inner tag.
    public func element(id: String) -> String? {
        guard let start = text.firstRange(of: " id=\"\(id)\"")?.upperBound,
            let open = text[start...].firstIndex(of: ">")
        else { return nil }
        return String(text[text.index(after: open)...].prefix { $0 != "<" })
    }
}
