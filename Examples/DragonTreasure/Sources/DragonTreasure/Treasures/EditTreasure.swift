import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraOpenAPI
import TesseraServer

extension DragonTreasureAPI {
    /// `PATCH /api/treasures/ID`: changes the members that are named (RFC 7396), for the owner or an admin.
    ///
    /// The order of the checks is what a caller can learn: first whether the treasure is there for them (404), then
    /// whether it is theirs to change (403), and only then what is wrong with the body.
    func editTreasure(_ request: Request, _ caller: Caller) async throws -> Response {
        let treasure = try await visibleTreasure(request.parameters["id"], to: caller.user)
        guard treasure.isEditable(by: caller.user) else {
            throw Refused.notPermitted(caller, "Only its owner or an admin may change a treasure")
        }
        let body = try await request.json(upTo: authority.configuration.bodyLimit, as: .mergePatchJSON)
        var reader = MemberReader(body)
        let members = TreasureMembers(from: &reader, for: .change, of: treasure.owner)
        try reader.finish()

        // The store applies the change to what is there by then, so that two changes at once both count.
        let changed = try await treasures.change(
            treasure.id, to: members, by: caller.authorization, at: authority.clock.now)
        guard let changed else {
            throw HTTPError(.notFound, "There is no such treasure.")
        }
        return .json { $0.treasure(changed, for: caller.user) }
    }
}

extension APIOperation {
    static let editTreasure = APIOperation(
        "editTreasure", "Change a treasure", in: .treasures,
        details: "Changes the members that are named, and leaves the rest (RFC 7396).",
        parameters: [.path("id", .identifier)],
        body: .json(.treasureChange, example: #"{"value": 21}"#, as: .mergePatchJSON),
        answers: [
            .ok(.treasure, "The treasure as it is now."),
            .problem(.notFound, "There is no such treasure for this caller."),
            .problem(
                .forbidden,
                "The token lacks a scope, the treasure is somebody else's, or a session did not prove "
                    + "that a page asked."),
        ])
}
