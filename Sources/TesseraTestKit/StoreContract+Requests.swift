import TesseraCore
import TesseraTime

extension StoreContract {
    static let requests = [
        Clause("requests are listed newest first by token and owner, page by page") { store in
            let (user, other) = (User.make(), User.make())
            let (token, second) = (AccessToken.make(owner: user), AccessToken.make(owner: user))
            let made: [TokenRequest] = [
                .make(token), .make(second, status: 404), .make(.make(owner: other)), .make(token),
            ]
            try await store.record(made)
            try await store.record([] as [TokenRequest])
            func expectList(_ filter: TokenRequestFilter, _ limit: Int, is list: [TokenRequest]) async throws
            {
                try expect(try await store.requests(filter, limit: limit), is: list, "\(filter)")
            }
            try await expectList(.init(), 9, is: made.reversed())
            try await expectList(.init(owner: user.id), 9, is: [made[3], made[1], made[0]])
            try await expectList(.init(owner: user.id), 2, is: [made[3], made[1]])
            try await expectList(.init(owner: user.id, before: made[1].id), 2, is: [made[0]])
            try await expectList(.init(token: token.id), 9, is: [made[3], made[0]])
            try await expectList(.init(token: token.id, owner: other.id), 9, is: [])
        },
        Clause("pruning deletes requests that are too old or too many, the oldest first") { store in
            let token = AccessToken.make(owner: .make())
            let now = fixtureInstant + .seconds(100)
            let old = (0..<3).map { _ in TokenRequest.make(token, at: now + .milliseconds(-1)) }
            let young = (0..<4).map { _ in TokenRequest.make(token, at: now) }
            try await store.record(old + young)
            func prune(keeping kept: Int, limit: Int) async throws -> Int {
                try await store.pruneRequests(before: now, keeping: kept, limit: limit)
            }
            try expect(try await prune(keeping: 99, limit: 0), is: 0, "with limit 0")
            try expect(try await prune(keeping: 99, limit: 2), is: 2, "with limit 2")
            try expect(try await prune(keeping: 99, limit: 9), is: 1, "the rest")
            try expect(
                try await store.requests(.init(), limit: 9), is: young.reversed(), "the young ones")
            try expect(try await prune(keeping: 3, limit: 9), is: 1, "of four")
            try expect(
                try await store.requests(.init(), limit: 9), is: young.dropFirst().reversed(), "three")
        },
        Clause("refusals with a token are distinguished from those without") { store in
            let user = User.make()
            let named = Refusal.make(cause: .expired, token: AccessToken.make(owner: user).id, owner: user.id)
            try await store.record([.make(cause: .forgedForm, owner: user.id), named, .make(owner: user.id)])
            try expect(
                try await store.refusals(RefusalFilter(owner: user.id, isOfToken: true), limit: 1),
                is: [named],
                "with a token")
        },
    ]
}
