import Tessera

extension DragonTreasureAPI {
    /// `GET /api/treasures`: the treasures that the caller may see, 10 a page, filtered by the query.
    func listTreasures(_ request: Request, _ caller: Caller?) async throws -> Response {
        var query = try QueryReader(request)
        let owner = try query.userPath("owner")
        return try await listTreasures(of: owner, query, request, caller)
    }

    /// `GET /api/users/ID/treasures`: the same for the treasures of one user.
    func listTreasuresOfUser(_ request: Request, _ caller: Caller?) async throws -> Response {
        let owner = try await existingUser(request.parameters["id"])
        return try await listTreasures(of: owner.id, QueryReader(request), request, caller)
    }

    private func listTreasures(
        of owner: User.ID?, _ query: consuming QueryReader, _ request: Request, _ caller: Caller?
    ) async throws -> Response {
        let number = try query.pageNumber()
        let filter = try TreasureFilter(from: &query, owner: owner, viewer: caller?.user)
        try query.finish()
        let page = try await treasures.page(number, of: filter)
        return .json(fields: [.link: page.links(for: request)]) { json in
            json.page(page) { json, treasure in json.treasure(treasure, for: caller?.user) }
        }
    }
}

extension APIOperation {
    static let listTreasures = APIOperation(
        "listTreasures", "List treasures", in: .treasures,
        details:
            "The treasures that the caller may see, 10 a page: published ones, their own, and for an admin all.",
        parameters: TreasureFilter.parameters + [
            .query("owner", .userPath, "Shows the treasures of this user alone."), .page,
        ],
        answers: [.ok(.page(of: .treasure), "A page of treasures.", fields: [.link])])

    static let listTreasuresOfUser = APIOperation(
        "listTreasuresOfUser", "List the treasures of a user", in: .treasures,
        parameters: [.path("id", .identifier)] + TreasureFilter.parameters + [.page],
        answers: [
            .ok(.page(of: .treasure), "A page of treasures.", fields: [.link]),
            .problem(.notFound, "There is no such user."),
        ])
}

extension APITag {
    static let treasures = APITag("Treasures", "The treasures of dragons.")
}
