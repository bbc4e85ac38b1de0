import Tessera

extension DragonTreasureAPI {
    /// `POST /api/users`: makes an account, for every caller.
    ///
    /// Addresses, names and passwords have one set of rules, which is Tessera's; so are the hashing and the count of attempts.
    /// A value that breaks a rule is thrown as `InvalidInput` and answered with 422. The answer tells that an address is
    /// taken: a person who registers would find out in any case.
    func register(_ request: Request, _ caller: Caller?, _ new: NewUser) async throws -> Response {
        let opened = try await authority.openAccount(
            email: new.email, username: new.username, password: new.password, for: request,
            by: caller?.authorization)
        let user = opened.user
        return .json(.created, fields: [.location: User.path(user.id)]) { $0.user(user, for: user) }
    }
}

/// The body of `POST /api/users`. A type that is `Decodable` needs no code to decode it.
struct NewUser: APIBody, Decodable {
    static let schema = JSONSchema.closedObject(
        .required("email", .email),
        .required("username", .username),
        .required("password", .string, "As long as the operator wants, and not a common one.")
    ).named("NewUser")
    static let example = """
        {"email": "cinder@example.com", "username": "cinder", "password": "a place behind the waterfall"}
        """

    let email: String
    let username: String
    let password: String
}

extension APIOperation {
    static let registerUser = APIOperation(
        "registerUser", "Make an account", in: .users,
        answers: [
            .created(.user, "The user."),
            .problem(.tooManyRequests, "Too many accounts were asked for from there.", fields: [.retryAfter]),
        ])
}
