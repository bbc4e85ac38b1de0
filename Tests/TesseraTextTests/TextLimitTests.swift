import TesseraText
import Testing

@Suite struct TextLimitTests {
    private let limit = TextLimit(1...3, bytes: 6)

    @Test(arguments: ["a", "abc", "\u{E9}\u{E9}\u{E9}", "a\u{301}"])
    func scalarsAndBytesWithinTheLimitAreAdmitted(_ text: String) {
        #expect(limit.admits(text))
        #expect(limit.cut(text).utf8.elementsEqual(text.utf8))
    }

    @Test(arguments: ["", "abcd", "\u{1F409}\u{1F409}", "a\u{301}\u{301}\u{301}"])
    func anythingElseIsNot(_ text: String) { #expect(!limit.admits(text)) }

    @Test func graphemeClusterCountsByItsScalars() {
        let text = "a" + String(repeating: "\u{301}", count: 31_000)
        #expect(text.count == 1)
        #expect(!TextLimit(1...50).admits(text))
        #expect(TextLimit(1...50).cut(text).unicodeScalars.count == 50)
        #expect(!TextLimit(1...50).admits("👩" + String(repeating: "\u{200D}👩", count: 25)))
    }

    @Test func cutEndsBetweenScalarsAndWithinTheBytes() {
        #expect(limit.cut("abcd") == "abc")
        #expect(limit.cut("\u{1F409}\u{1F409}") == "\u{1F409}")
        #expect(limit.cut("\u{E9}\u{E9}\u{E9}\u{E9}") == "\u{E9}\u{E9}\u{E9}")
        #expect(limit.cut("a\u{1F409}b\u{E9}") == "a\u{1F409}b")
        #expect(TextLimit(0...0).cut("abc").isEmpty)
        // A carriage return and a line feed are one grapheme cluster.
        #expect(limit.cut("ab\r\n").utf8.elementsEqual("ab\r".utf8))
    }

    @Test func bytesAreFourForEachScalarIfNotGiven() {
        #expect(TextLimit(1...3).bytes == 12)
        #expect(TextLimit(1...3).admits("\u{1F409}\u{1F409}\u{1F409}"))
    }
}
