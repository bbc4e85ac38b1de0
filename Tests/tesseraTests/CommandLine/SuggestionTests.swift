import Testing

@testable import tessera

@Suite struct SuggestionTests {
    @Test(arguments: [("lst", "list"), ("list", "list"), ("reomve", "remove"), ("ad", "add")])
    func typingMistakeLeadsToTheName(word: String, name: String) {
        #expect(Suggestion.nearest(to: word, in: ["add", "list", "remove"]) == name)
    }

    @Test(arguments: ["", "xyz", "completely-different", String(repeating: "a", count: 10_000)])
    func anythingElseLeadsNowhere(word: String) {
        #expect(Suggestion.nearest(to: word, in: ["add", "list", "remove"]) == nil)
    }
}
