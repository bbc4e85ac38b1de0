import Tessera

extension DragonTreasureAPI {
    /// `GET /api/treasures/ID`: for callers who may see it. `caller` is `nil` for a request without credentials.
    func showTreasure(_ request: Request, _ caller: Caller?) async throws -> Response {
        let treasure = try await visibleTreasure(request.parameters["id"], to: caller?.user)
        return .json { $0.treasure(treasure, for: caller?.user) }
    }

    /// The treasure of this identifier, as typed.
    ///
    /// - Throws: `HTTPError` 404, in the same words for one that does not exist and one that is not for this caller:
    ///   403 would tell that it exists.
    func visibleTreasure(_ text: String, to caller: User?) async throws -> Treasure {
        guard let id = Treasure.ID(text), let treasure = try await treasures.treasure(id),
            treasure.isVisible(to: caller)
        else {
            throw HTTPError(.notFound, "There is no such treasure.")
        }
        return treasure
    }
}

extension APIOperation {
    static let showTreasure = APIOperation(
        "showTreasure", "Show a treasure", in: .treasures,
        parameters: [.path("id", .identifier)],
        answers: [
            .ok(.treasure, "The treasure."),
            .problem(.notFound, "There is no such treasure for this caller."),
        ])
}
