import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraOpenAPI
import TesseraServer

extension DragonTreasureAPI {
    /// `POST /api/treasures`: makes a treasure of the caller's.
    ///
    /// Who calls and whether they may is settled when this runs: the route table asks for `treasure:create`. That is
    /// why a caller without it never learns what is wrong with the body, and costs no more than the header.
    func createTreasure(_ request: Request, _ caller: Caller) async throws -> Response {
        // 415, 413 or 400, thrown; what is thrown becomes an answer in one place, Tessera's.
        let body = try await request.json(upTo: authority.configuration.bodyLimit)

        // 422 with everything that is wrong at once, unknown members too.
        var reader = MemberReader(body)
        let members = TreasureMembers(from: &reader, for: .new, of: caller.user.id)
        let (name, description) = try reader.finish(members.name, members.description)

        let now = authority.clock.now
        var treasure = Treasure(
            id: identifiers.next(at: now), owner: caller.user.id, name: name,
            description: description)
        members.apply(to: &treasure)
        try await treasures.insert(treasure, by: caller.authorization, at: now)
        return .json(.created, fields: [.location: Treasure.path(treasure.id)]) { json in
            json.treasure(treasure, for: caller.user)
        }
    }
}

extension APIOperation {
    static let createTreasure = APIOperation(
        "createTreasure", "Create a treasure", in: .treasures,
        details: "It is the caller's. `owner` may be named, and may be nobody else.",
        body: .json(
            .newTreasure,
            example:
                #"{"name": "A ring", "description": "Cursed, a little.", "value": 20, "is_published": true}"#),
        answers: [.created(.treasure, "The treasure.")])
}
