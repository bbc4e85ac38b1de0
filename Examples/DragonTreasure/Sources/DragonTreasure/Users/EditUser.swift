import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraOpenAPI
import TesseraServer

extension DragonTreasureAPI {
    /// `PATCH /api/users/ID`: changes a username or an e-mail address, of oneself or by an admin.
    ///
    /// Not the password, and nobody's role: a token that leaks must not be worth the whole account. A person changes the
    /// password at the page for it, and the address with a session whose password is fresh; a token changes the name alone.
    func editUser(_ request: Request, _ caller: Caller) async throws -> Response {
        var user = try await existingUser(request.parameters["id"])
        guard caller.user.isOperator || caller.user.id == user.id else {
            throw Refused.notPermitted(caller, "Only an admin may change somebody else")
        }
        let body = try await request.json(upTo: authority.configuration.bodyLimit, as: .mergePatchJSON)
        // What is not changed must stay as it is now, and not as it was before the body came.
        user = try await existingUser(request.parameters["id"])
        var reader = MemberReader(body)
        if let username = reader.optional("username", .username) { user.username = username }
        if let email = reader.optional("email", .emailAddress) { user.email = email }
        try reader.finish()

        guard try await authority.update(user, for: caller, request) else {
            throw Violations(
                path: "email", message: "is taken, or yours was changed too often in the last 30 days")
        }
        return .json { [user] json in json.user(user, for: caller.user) }
    }
}

extension MemberKind<String> {
    fileprivate static var username: Self {
        MemberKind("must have 1 to 50 printable characters") { value in
            value.string.flatMap { Accounts.username($0) }
        }
    }
}

extension MemberKind<EmailAddress> {
    fileprivate static var emailAddress: Self {
        MemberKind("must be an e-mail address") { value in value.string.flatMap { EmailAddress($0) } }
    }
}

extension APIOperation {
    static let editUser = APIOperation(
        "editUser", "Change a user", in: .users,
        details:
            "Changes the members that are named, and leaves the rest (RFC 7396); of oneself, or by an admin. "
            + "Another address needs a session with a fresh password. The address before stays reserved for 30 days.",
        parameters: [.path("id", .identifier)],
        body: .json(
            .closedObject(.optional("username", .username), .optional("email", .string(format: "email")))
                .named("UserChange"),
            example: #"{"username": "ember of the hill"}"#, as: .mergePatchJSON),
        answers: [
            .ok(.user, "The user as they are now."),
            .problem(.notFound, "There is no such user."),
            .problem(
                .forbidden,
                "The token lacks a scope, the user is somebody else, a session did not prove that a page asked, "
                    + "or another address was asked for without a fresh password."),
        ])
}

extension JSONSchema {
    static let username = name(1...50)
}
