import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraOpenAPI
import TesseraServer

extension DragonTreasureAPI {
    /// `POST /api/users`: makes an account, for everybody.
    ///
    /// Addresses, names and passwords have one set of rules, which is Tessera's; so are the hashing, and the count of
    /// attempts. What breaks a rule
    /// is thrown as `InvalidInput` and answered with 422. An address that is taken is told as such: whoever registers
    /// would find out all the same.
    func register(_ request: Request, _ caller: Caller?) async throws -> Response {
        var reader = MemberReader(try await request.json(upTo: authority.configuration.bodyLimit))
        let (email, username, password) = try reader.finish(
            reader.required("email", .string), reader.required("username", .string),
            reader.required("password", .string))
        let opened = try await authority.openAccount(
            email: email, username: username, password: password, for: request,
            by: caller?.authorization)
        let user = opened.user
        return .json(.created, fields: [.location: User.path(user.id)]) { $0.user(user, for: user) }
    }
}

extension APIOperation {
    static let registerUser = APIOperation(
        "registerUser", "Make an account", in: .users,
        body: .json(
            .closedObject(
                .required("email", .string(format: "email")),
                .required("username", .username),
                .required(
                    "password", .string, "As long as the operator wants, and not one that everybody uses.")
            ).named("NewUser"),
            example: """
                {"email": "cinder@example.com", "username": "cinder", "password": "a place behind the waterfall"}
                """),
        answers: [
            .created(.user, "The user."),
            .problem(.tooManyRequests, "Too many accounts were asked for from there.", fields: [.retryAfter]),
        ])
}
