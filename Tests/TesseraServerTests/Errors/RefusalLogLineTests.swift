import Synchronization
import TesseraCore
import TesseraHosting
import TesseraJSON
import TesseraTestKit
import Testing

@testable import TesseraServer

@Suite struct RefusalLogLineTests {
    private func line(_ refusal: Refusal) -> String { RefusalLogLine(refusal).description }

    @Test func whatIsKnownIsNamed() {
        let (token, owner) = (AccessToken.make(owner: .make()).id, User.make().id)
        let refusal = Refusal.make(
            cause: .insufficientScope, token: token, owner: owner, needed: [.tokensWrite, .tokensRead],
            held: .empty)
        #expect(
            line(refusal)
                == "refused \(refusal.id) insufficient-scope GET /api/me 192.0.2.1 status=401 token=\(token) owner=\(owner) needed=tokens:read,tokens:write held="
        )
    }

    @Test func whatIsUnknownIsLeftOut() {
        let refusal = Refusal.make(cause: .nothingSent)
        #expect(line(refusal) == "refused \(refusal.id) nothing-sent GET /api/me 192.0.2.1 status=401")
    }

    @Test func whatTheRequestSaidStaysOneLineOfWords() {
        let refusal = Refusal(
            id: fixtureIdentifiers.next(at: fixtureInstant), at: fixtureInstant, cause: .originNotAllowed,
            status: 405, method: "GET", path: "/a b\u{1B}[2J\u{85}ü", address: "192.0.2.1",
            origin: "https://x\ny owner=z")
        let words = line(refusal).split(separator: " ")
        #expect(words.count == 8)
        #expect(line(refusal).utf8.allSatisfy { (0x20...0x7E).contains($0) })
    }

    @Test func tokenInAPathOrAnOriginIsNotWritten() {
        let token = "tcp_" + String(repeating: "a", count: 64)
        let refusal = Refusal(
            id: fixtureIdentifiers.next(at: fixtureInstant), at: fixtureInstant, cause: .nothingSent,
            status: 401, method: "GET", path: "/\(token)", address: "192.0.2.1", origin: "https://\(token)")
        #expect(!line(refusal).contains("aaaa"))
    }

    @Test func objectHasTheFactsOfTheText() throws {
        let written = Mutex<[UInt8]>([])
        let log = Log(level: .info, clock: WallClock { fixtureInstant }) { line in
            written.withLock { $0 = line }
        }
        let (token, owner) = (AccessToken.make(owner: .make()).id, User.make().id)
        let refusal = Refusal.make(
            cause: .insufficientScope, token: token, owner: owner, needed: [.tokensWrite], held: .empty)
        log.info("text", as: "refused") { RefusalLogLine(refusal).write(to: &$0) }
        let object = try #require(JSONValue.parse(written.withLock { $0 }.dropLast()).object)
        #expect(
            object.members.map(\.name) == [
                "time", "level", "message", "refusal", "cause", "method", "path", "address", "status",
                "token", "owner", "needed", "held",
            ])
        #expect(object["token"]?.string == token.description)
        #expect(object["needed"] == .array([.string("tokens:write")]))
    }
}
