import Tessera

extension DragonTreasureAPI {
    /// `PATCH /api/users/ID`: changes a username or an e-mail address, of oneself or by an admin.
    ///
    /// It changes neither a password nor a role: a token that leaks must not be worth the whole account. A person changes the
    /// password at the page for it, and the address with a session whose password is fresh; a token changes the name alone.
    func editUser(_ request: Request, _ caller: Caller, _ change: UserChange) async throws -> Response {
        var user = try await existingUser(request.parameters["id"])
        guard caller.user.isOperator || caller.user.id == user.id else {
            throw Refused.notPermitted(caller, "Only an admin may change another user")
        }
        if let username = change.username { user.username = username }
        if let email = change.email { user.email = email }
        guard try await authority.update(user, for: caller, request) else {
            throw Violations(
                path: "email", message: "is taken, or yours was changed too often in the last 30 days")
        }
        return .json { [user] json in json.user(user, for: caller.user) }
    }
}

/// The body of `PATCH /api/users/ID`. It reads its members itself, because they become types of their own.
struct UserChange: APIBody {
    static let schema = JSONSchema.closedObject(
        .optional("username", .username), .optional("email", .email)
    ).named("UserChange")
    static let example = #"{"username": "ember of the hill"}"#
    static let mediaTypes: [MediaType] = [.mergePatchJSON]

    let username: String?
    let email: EmailAddress?

    init(json: JSONValue) throws {
        var reader = MemberReader(json)
        username = reader.optional("username", .name(1...50))
        email = reader.optional("email", .emailAddress)
        try reader.finish()
    }
}

extension APIOperation {
    static let editUser = APIOperation(
        "editUser", "Change a user", in: .users,
        details:
            "Changes the members that are named, and leaves the rest (RFC 7396); of oneself, or by an admin. "
            + "Another address needs a session with a fresh password. The address before stays reserved for 30 days.",
        parameters: [.path("id", .identifier)],
        answers: [
            .ok(.user, "The user as they are now."),
            .problem(.notFound, "There is no such user."),
            .problem(
                .forbidden,
                "The token lacks a scope, the user is another one, a session did not prove that a page asked, "
                    + "or another address was asked for without a fresh password."),
        ])
}

extension JSONSchema {
    static let username = name(1...50)
}
