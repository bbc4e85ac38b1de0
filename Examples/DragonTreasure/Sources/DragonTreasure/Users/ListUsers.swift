import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraServer

extension DragonTreasureAPI {
    /// `GET /api/users`: everybody, in the order in which they came, for everybody who is signed in.
    ///
    /// Accounts are Tessera's, whose store does not count them but goes on from where a page ended: `Link` names the
    /// next page as `?after=ID`, and costs the same on the first page and on the last.
    func listUsers(_ request: Request, _ caller: Caller) async throws -> Response {
        var query = try QueryReader(request)
        let cursor = try query.identifier("after", of: User.self)
        try query.finish()
        // One more than is shown tells whether there is a next page.
        let found = try await authority.store.users(after: cursor, limit: PageNumber.size + 1)
        let shown = found.prefix(PageNumber.size)
        var fields = Fields()
        if found.count > shown.count, let last = shown.last {
            fields.append(.link, "</api/users?after=\(last.id)>; rel=\"next\"")
        }
        return .json(fields: fields) { json in
            json.object { json in
                json.member("items") { json in
                    json.array { json in for user in shown { json.user(user, for: caller.user) } }
                }
            }
        }
    }
}
