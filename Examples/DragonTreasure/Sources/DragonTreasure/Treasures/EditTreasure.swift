import Tessera

extension DragonTreasureAPI {
    /// `PATCH /api/treasures/ID`: changes the members that are named (RFC 7396), for the owner or an admin.
    ///
    /// The order of the checks decides what a caller can learn: the treasure must be visible to them (404) before the answer
    /// says that it is not theirs (403).
    func editTreasure(_ request: Request, _ caller: Caller, _ change: TreasureChange) async throws -> Response
    {
        let treasure = try await visibleTreasure(request.parameters["id"], to: caller.user)
        guard treasure.isEditable(by: caller.user) else {
            throw Refused.notPermitted(caller, "Only its owner or an admin may change a treasure")
        }
        try change.members.requireOwner(treasure.owner)

        // The store applies the change to the treasure as it is by then, so that two changes at once both count.
        let changed = try await treasures.change(
            treasure.id, to: change.members, by: caller.authorization, at: authority.clock.now)
        guard let changed else {
            throw HTTPError(.notFound, "There is no such treasure.")
        }
        return .json { $0.treasure(changed, for: caller.user) }
    }
}

/// The body of `PATCH /api/treasures/ID`.
struct TreasureChange: APIBody {
    static let schema = JSONSchema.closedObject(
        .optional("name", .treasureName),
        .optional("description", .prose),
        .optional("value", .goldCoins, "In gold coins."),
        .optional("cool_factor", .coolFactor),
        .optional("is_published", .bool),
        .optional("plundered_at", .instant.nullable),
        .optional("owner", .userPath, "Its owner, and no other user.")
    ).named("TreasureChange")
    static let example = #"{"value": 21}"#
    static let mediaTypes: [MediaType] = [.mergePatchJSON]

    let members: TreasureMembers

    init(json: JSONValue) throws {
        var reader = MemberReader(json)
        members = TreasureMembers(from: &reader)
        try reader.finish()
    }
}

extension APIOperation {
    static let editTreasure = APIOperation(
        "editTreasure", "Change a treasure", in: .treasures,
        details: "Changes the members that are named, and leaves the rest (RFC 7396).",
        parameters: [.path("id", .identifier)],
        answers: [
            .ok(.treasure, "The treasure as it is now."),
            .problem(.notFound, "There is no such treasure for this caller."),
            .problem(
                .forbidden,
                "The token lacks a scope, the treasure is another user's, or a session did not prove "
                    + "that a page asked."),
        ])
}
