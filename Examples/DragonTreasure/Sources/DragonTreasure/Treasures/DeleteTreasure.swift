import Tessera

extension DragonTreasureAPI {
    /// `DELETE /api/treasures/ID`: for admins, with a token that may edit treasures.
    ///
    /// A scope says what a token may do for its owner, and never adds to what the owner may: hence both checks.
    func deleteTreasure(_ request: Request, _ caller: Caller) async throws -> Response {
        guard caller.user.isOperator else {
            // Before the treasure is looked up, so that the answer does not tell whether it exists.
            throw Refused.notPermitted(caller, "Only an admin may delete a treasure")
        }
        let treasure = try await visibleTreasure(request.parameters["id"], to: caller.user)
        // A second request that was faster is no error: the treasure is gone.
        try await treasures.remove(treasure.id, by: caller.authorization, at: authority.clock.now)
        return Response(.noContent)
    }
}

extension APIOperation {
    static let deleteTreasure = APIOperation(
        "deleteTreasure", "Delete a treasure", in: .treasures,
        details: "For admins only.",
        parameters: [.path("id", .identifier)],
        answers: [
            .noContent("The treasure is deleted."),
            .problem(.notFound, "There is no such treasure."),
            .problem(
                .forbidden,
                "The token lacks a scope, the caller is no admin, or a session did not prove that a page "
                    + "asked."),
        ])
}
