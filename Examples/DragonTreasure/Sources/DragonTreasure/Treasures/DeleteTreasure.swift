import TesseraCore
import TesseraHTTP
import TesseraServer

extension DragonTreasureAPI {
    /// `DELETE /api/treasures/ID`: for admins, with a token that may edit treasures.
    ///
    /// A scope says what a token may do for its owner, and never adds to what the owner may: hence both checks.
    func deleteTreasure(_ request: Request, _ caller: Caller) async throws -> Response {
        guard caller.user.isOperator else {
            // Before the treasure is looked up, so that the answer does not tell whether it exists.
            throw Refused.notPermitted(caller, "Only an admin may delete a treasure")
        }
        guard let id = Treasure.ID(request.parameters["id"]), try await treasures.remove(id) else {
            throw HTTPError(.notFound, "There is no such treasure.")
        }
        return Response(.noContent)
    }
}
