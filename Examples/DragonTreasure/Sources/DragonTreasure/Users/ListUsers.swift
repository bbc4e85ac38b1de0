import Tessera

extension DragonTreasureAPI {
    /// `GET /api/users`: all users, the oldest first, for every caller with credentials.
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

extension APIOperation {
    static let listUsers = APIOperation(
        "listUsers", "List users", in: .users,
        details: "The oldest first, 10 a page; `Link` leads to the next page.",
        parameters: [.query("after", .identifier, "Goes on behind this user.")],
        answers: [
            .ok(
                .object(.required("items", .array(of: .user, count: 0...PageNumber.size))),
                "A page of users.",
                fields: [.link])
        ])
}

extension APITag {
    static let users = APITag("Users", "Dragons, and those who look after them.")
}
