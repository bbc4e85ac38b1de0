import TesseraCore
import Testing

@Suite struct ScopeTests {
    @Test(
        "RFC 6749 §3.3", arguments: ["a", "repo:read", "!", "#", "[", "]", "~", "https://example.com/scope"])
    func allowedCharactersMakeAScopeToken(_ text: String) {
        #expect(ScopeToken(text)?.text == text)
    }

    @Test(
        "RFC 6749 §3.3",
        arguments: ["", " ", "a b", "a\"", "a\\", "a\u{7F}", "é", "a\n", String(repeating: "a", count: 101)])
    func otherCharactersDoNot(_ text: String) {
        #expect(ScopeToken(text) == nil)
    }

    @Test func namesAreCaseSensitive() {
        #expect(ScopeToken("Read") != ScopeToken("read"))
    }

    @Test func orderAndRepetitionDoNotMatter() throws {
        let read = try #require(ScopeToken("read"))
        let write = try #require(ScopeToken("write"))
        #expect(Scope([write, read, write]) == Scope([read, write]))
        #expect(Scope([write, read]).description == "read write")
    }

    @Test func intersectionNeverAdds() throws {
        let read = try #require(ScopeToken("read"))
        let write = try #require(ScopeToken("write"))
        #expect(Scope([read, write]).intersection([read]) == [read])
        #expect(Scope([read]).intersection([read, write]) == [read])
        #expect(Scope([read]).intersection(.empty) == .empty)
        #expect(Scope.empty.isSubset(of: .empty))
        #expect(!Scope([read]).isSubset(of: [write]))
    }
}
