import Tessera

extension DragonTreasureAPI {
    /// `POST /api/treasures`: makes a treasure of the caller's.
    ///
    /// The route table has settled everything by now: it asks for `treasure:create`, and then the body keeps the rules of
    /// ``NewTreasure``. A caller without the scope never learns the faults of the body, and costs no more than the header.
    func createTreasure(_ request: Request, _ caller: Caller, _ new: NewTreasure) async throws -> Response {
        try new.members.requireOwner(caller.user.id)
        let now = authority.clock.now
        var treasure = Treasure(
            id: identifiers.next(at: now), owner: caller.user.id, name: new.name,
            description: new.description)
        new.members.apply(to: &treasure)
        try await treasures.insert(treasure, by: caller.authorization, at: now)
        return .json(.created, fields: [.location: Treasure.path(treasure.id)]) { json in
            json.treasure(treasure, for: caller.user)
        }
    }
}

/// The body of `POST /api/treasures`. The schema describes it, and the server enforces it before the handler runs.
struct NewTreasure: APIBody {
    static let schema = JSONSchema.closedObject(
        .required("name", .treasureName),
        .required("description", .prose),
        .optional("value", .goldCoins, "In gold coins; 0 unless named."),
        .optional("cool_factor", .coolFactor, "0 unless named."),
        .optional("is_published", .bool, "False unless named."),
        .optional("plundered_at", .instant.nullable),
        .optional("owner", .userPath, "The caller.")
    ).named("NewTreasure")
    static let example =
        #"{"name": "A ring", "description": "Cursed, a little.", "value": 20, "is_published": true}"#

    let name: String
    let description: String
    let members: TreasureMembers

    init(json: JSONValue) throws {
        var reader = MemberReader(json)
        members = TreasureMembers(from: &reader)
        (name, description) = try reader.finish(members.name, members.description)
    }
}

extension APIOperation {
    static let createTreasure = APIOperation(
        "createTreasure", "Create a treasure", in: .treasures,
        details: "It is the caller's. `owner` may be named, and may only be the caller.",
        answers: [.created(.treasure, "The treasure.")])
}
