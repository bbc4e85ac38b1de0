import TesseraCore
import TesseraTestKit
import TesseraTime
import Testing

@Suite struct TokenRequestLogTests {
    private let store = MemoryStore()
    private let now = fixtureInstant

    private func admitted(_ log: TokenRequestLog, of count: Int, at instant: NumericDate) -> Int {
        (0..<count).count { _ in log.admit(at: instant) }
    }

    @Test func budgetIsSpreadOverTheSecond() {
        let log = TokenRequestLog(store: store, perSecond: 100)
        #expect(admitted(log, of: 9, at: now) == 9)
        #expect(log.lastUsedUp == nil)
        #expect(admitted(log, of: 50, at: now + .milliseconds(99)) == 1)
        #expect(log.lastUsedUp == now + .milliseconds(99))
        #expect(admitted(log, of: 50, at: now + .milliseconds(100)) == 10)
        #expect(admitted(log, of: 50, at: now + .milliseconds(199)) == 0)
        #expect(admitted(log, of: 50, at: now + .seconds(1)) == 10)
    }

    @Test func nothingIsRecordedWithoutABudget() {
        #expect(admitted(TokenRequestLog(store: store, perSecond: 0), of: 5, at: now) == 0)
    }

    @Test func manyAtOnceGetNoMoreThanTheBudget() async {
        let log = TokenRequestLog(store: store, perSecond: 1_000)
        let now = now
        let sum = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { (0..<100).count { _ in log.admit(at: now) } } }
            return await group.reduce(0, +)
        }
        #expect(sum == 100)
    }

    @Test func recordsAreWrittenOnce() async throws {
        let log = TokenRequestLog(store: store, perSecond: 100)
        let request = TokenRequest.make(.make(owner: .make()))
        log.keep(request)
        #expect(log.count == 1)
        #expect(try await log.flush() == 1)
        #expect(try await log.flush() == 0)
        #expect(try await store.requests(.init(), limit: 9) == [request])
    }

    @Test func refusedRequestsAreAmongTheRecent() async throws {
        let user = User.make()
        let token = AccessToken.make(owner: user)
        let first = TokenRequest.make(token)
        let refusal = Refusal.make(cause: .expired, token: token.id, owner: user.id)
        let last = TokenRequest.make(token)
        try await store.record([first, last])
        try await store.record([.make(cause: .unknown), refusal, .make(owner: user.id)])
        let found = try await TokenRequest.recent(.init(owner: user.id), limit: 9, from: store)
        #expect(found.map(\.refusal) == [nil, refusal.id, nil])
        #expect(found.map(\.cause) == [nil, .expired, nil])
        #expect(try await TokenRequest.recent(.init(token: token.id), limit: 1, from: store) == [last])
        let older = try await TokenRequest.recent(
            .init(owner: user.id, before: found[1].id), limit: 9, from: store)
        #expect(older == [first])
    }

    @Test func possibleTokensAreNotRecorded() {
        let secret = "tcp_" + String(repeating: "a", count: 64)
        let request = TokenRequest.make(.make(owner: .make()), path: "/api/\(secret)/x")
        #expect(request.path == "/api/<redacted>/x")
    }
}
