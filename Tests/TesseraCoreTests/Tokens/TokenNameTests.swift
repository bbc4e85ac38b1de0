import TesseraCore
import Testing

@Suite struct TokenNameTests {
    @Test func surroundingWhiteSpaceIsRemoved() {
        #expect(TokenName("  Deploy script \n")?.text == "Deploy script")
    }

    @Test(arguments: [
        "a", "<script>alert(1)</script>", "Ünïcode 🐉", "👩‍🚀 rocket", "a b~", String(repeating: "x", count: 100),
    ])
    func printableTextIsAName(_ text: String) {
        #expect(TokenName(text)?.text == text)
    }

    @Test(arguments: [
        "a" + String(repeating: "\u{301}", count: 31_000), "a\u{200D}b", "a\u{3164}b", "\u{301}a",
        "", "   ", "a\u{0}b", "a\nb", "a\u{1B}[31mb", "a\u{2028}b", String(repeating: "x", count: 101),
        String(repeating: "x", count: 10_000), "a\u{85}b", "a\u{202E}b", "\u{FEFF}a", "a\u{2066}b",
    ])
    func otherTextIsNot(_ text: String) {
        #expect(TokenName(text) == nil)
    }
}
