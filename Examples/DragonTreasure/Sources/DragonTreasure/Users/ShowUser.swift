import Tessera

extension DragonTreasureAPI {
    /// `GET /api/users/ID`: for every caller with credentials.
    func showUser(_ request: Request, _ caller: Caller) async throws -> Response {
        let user = try await existingUser(request.parameters["id"])
        return .json { $0.user(user, for: caller.user) }
    }

    /// The user of this identifier, as typed.
    ///
    /// - Throws: `HTTPError` 404 when there is none.
    func existingUser(_ text: String) async throws -> User {
        guard let id = User.ID(text), let user = try await authority.store.user(id) else {
            throw HTTPError(.notFound, "There is no such user.")
        }
        return user
    }
}

extension APIOperation {
    static let showUser = APIOperation(
        "showUser", "Show a user", in: .users, parameters: [.path("id", .identifier)],
        answers: [.ok(.user, "The user."), .problem(.notFound, "There is no such user.")])
}
