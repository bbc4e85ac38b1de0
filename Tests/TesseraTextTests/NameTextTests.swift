import TesseraText
import Testing

@Suite struct NameTextTests {
    private let limit = TextLimit(1...50)

    private func name(_ text: String) -> String? { NameText(text, limit: limit)?.text }

    @Test(arguments: [
        "Ember", "O'Hara <b> \"x\"", "Åsa", "Σίσυφος", "Straße", "ılık İğne", "محمد", "دَرّاجة", "שָׁלוֹם", "山田太郎",
        "ひらがな",
        "각하", "हिन्दी", "क्\u{200D}ष", "क्\u{200C}ष", "ශ්\u{200D}රී", "🐉", "👩\u{200D}🚀", "👩🏽\u{200D}🚀",
        "🏳\u{FE0F}\u{200D}🌈", "❤\u{FE0F}", "a b~", "①", "१२३",
    ])
    func visibleTextOfEveryScriptIsAName(_ text: String) {
        #expect(name(text)?.utf8.elementsEqual(text.utf8) == true)
    }

    @Test(arguments: [
        // Control characters.
        "a\u{0}b", "a\u{7}b", "a\tb", "a\nb", "a\r\nb", "a\u{7F}b", "a\u{85}b", "a\u{1B}[31m",
        // Format characters: zero width, bidirectional marks, overrides and isolates, BOM, soft hyphen, tags, annotations.
        "a\u{200B}b", "a\u{2060}b", "a\u{200E}b", "a\u{200F}b", "a\u{61C}b", "a\u{202A}b", "a\u{202B}b",
        "a\u{202C}b", "a\u{202D}b", "a\u{202E}b", "a\u{2066}b", "a\u{2067}b", "a\u{2068}b", "a\u{2069}b",
        "\u{FEFF}a", "a\u{AD}b", "a\u{E0061}b", "🏴\u{E0067}\u{E007F}", "a\u{E0001}b", "a\u{FFF9}b",
        "a\u{180E}b", "a\u{206A}b",
        // Invisible letters and marks.
        "a\u{34F}b", "a\u{115F}b", "a\u{1160}b", "a\u{3164}b", "a\u{FFA0}b", "a\u{17B4}b", "a\u{180B}b",
        "a\u{FE00}b", "a\u{FE0E}b", "a\u{E0100}b", "\u{2800}", "a\u{1D159}b", "a\u{FFFC}b",
        // Separators of lines and paragraphs, private use, unassigned, noncharacters.
        "a\u{2028}b", "a\u{2029}b", "a\u{E000}b", "a\u{F8FF}b", "a\u{100000}b", "a\u{378}b",

        // Joiners and selectors where they change nothing.
        "a\u{200D}b", "a\u{200C}b", "\u{200D}a", "a\u{200D}", "क\u{200D}ष", "क्\u{200D}", "क्\u{200C}",
        "م\u{200C}م", "🐉\u{200D}", "🐉\u{200D}a", "a\u{200D}🐉", "1\u{200D}🐉", "a\u{FE0F}", "1\u{FE0F}",
        "\u{FE0F}a", "🐉\u{200C}🐉",
        // A mark that would belong to the text in front.
        "\u{301}a", "\u{20DD}a", " \u{301}a",
        // Nothing to see.
        "", " ", "\u{3000}\u{A0}", "\n",
    ])
    func nearMissIsRefused(_ text: String) { #expect(name(text) == nil) }

    @Test(arguments: [0xFDD0, 0xFDEF, 0xFFFE, 0xFFFF, 0x1FFFF, 0x10FFFE] as [UInt32])
    func noncharacterIsRefused(_ value: UInt32) throws {
        let scalar = try #require(Unicode.Scalar(value))
        #expect(name("a\(Character(scalar))b") == nil)
    }

    @Test func whiteSpaceIsDroppedAtTheEndsAndSingleWithin() {
        #expect(name(" \u{3000}\tDeploy \u{A0} script\u{2003}now\n") == "Deploy script now")
        #expect(name("Deploy script ") == "Deploy script")
        #expect(name("Deploy  script") == "Deploy script")
    }

    @Test func nameIsComposed() {
        #expect(name("A\u{30A}sa")?.utf8.elementsEqual("Åsa".utf8) == true)
        #expect(name("\u{1100}\u{1161}\u{11A8}")?.utf8.elementsEqual("각".utf8) == true)
        #expect(name("\u{212B}sa")?.utf8.elementsEqual("Åsa".utf8) == true)
        #expect(name("\u{958}")?.unicodeScalars.count == 2)
    }

    @Test func limitHoldsForWhatCameInAndForWhatIsKept() {
        #expect(name(String(repeating: "x", count: 50)) != nil)
        #expect(name(String(repeating: "x", count: 51)) == nil)
        #expect(name("a" + String(repeating: "\u{316}", count: 49)) != nil)
        #expect(name("a" + String(repeating: "\u{316}", count: 50)) == nil)
        #expect(name("a" + String(repeating: "\u{301}", count: 31_000)) == nil)
        // Composed, these are 26 and 52.
        #expect(name(String(repeating: "e\u{301}", count: 26)) == nil)
        #expect(name(String(repeating: "\u{958}", count: 26)) == nil)
        #expect(name(String(repeating: "\u{958}", count: 25)) != nil)
        #expect(NameText(" a ", limit: TextLimit(2...50)) == nil)
        #expect(NameText("\u{958}", limit: TextLimit(2...50)) == nil)
    }

    @Test func namesAreComparedByBytes() throws {
        let composed = try #require(NameText("é", limit: limit))
        #expect(NameText("e\u{301}", limit: limit) == composed)
        #expect(NameText("è", limit: limit) != composed)
        #expect(NameText("ﬁ", limit: limit) != NameText("fi", limit: limit))
    }
}
