import Testing

@testable import TesseraText

@Suite struct DomainNameTests {
    @Test(arguments: [
        ("example.com", "example.com"), ("Example.COM", "example.com"), ("localhost", "localhost"),
        ("a-b.x1", "a-b.x1"), ("3com.com", "3com.com"), ("r3---sn.example", "r3---sn.example"),
        ("exämple.de", "exämple.de"), ("EXÄMPLE.de", "exämple.de"), ("exa\u{308}mple.de", "exämple.de"),
        ("xn--exmple-cua.de", "exämple.de"), ("XN--EXMPLE-CUA.DE", "exämple.de"),
        ("straße.de", "straße.de"), ("xn--strae-oqa.de", "straße.de"), ("STRASSE.de", "strasse.de"),
        ("βόλος.com", "βόλος.com"), ("xn--nxasmm1c.com", "βόλος.com"), ("βόλοσ.com", "βόλοσ.com"),
        ("ｅｘａｍｐｌｅ．ｃｏｍ", "example.com"), ("例え。jp", "例え.jp"), ("例え｡jp", "例え.jp"), ("例え．jp", "例え.jp"),
        ("\u{212A}ä.com", "kä.com"), ("ı.com", "ı.com"), ("İ.com", "i̇.com"), ("מכון.com", "מכון.com"),
        ("한국.kr", "한국.kr"), ("\u{1112}\u{1161}\u{11AB}국.kr", "한국.kr"),
        ("क्\u{200D}ष.com", "क्\u{200D}ष.com"), ("نامه\u{200C}ای.com", "نامه\u{200C}ای.com"),
        ("xn--mgba3gch31f060k.com", "نامه\u{200C}ای.com"),
    ])
    func everySpellingHasOneForm(_ typed: String, _ form: String) throws {
        let name = try #require(DomainName(typed))
        #expect(name.text.utf8.elementsEqual(form.utf8))
        #expect(DomainName(name.text) == name)
    }

    @Test(arguments: [
        "", ".", "a..b", ".a", "a.", "exämple.de.", "ä..de", "..ä", "a。", "a b", "a_b.com", "ä_b.de",
        "-a.com",
        "a-.com", "-ä.de", "ä-.de", "a!b", "[192.0.2.1]", "[IPv6:2001:db8::1]", "192.0.2.1", "１２７.0.0.1", "1",
        "example.1", "a\u{0}b", "ä\u{0}b", "ä b.de",
        // Labels and names that are too long.
        String(repeating: "a", count: 64) + ".com", String(repeating: "ä", count: 60) + ".de",
        String(repeating: "a.", count: 127) + "aa", String(repeating: "ä.", count: 40) + "de",
        String(repeating: "ä", count: 100_000),
        // A-labels that stand for nothing, or not for what they should.
        "xn--", "xn--.de", "xn--a", "xn--abc.de", "xn--a-.de", "xn--example-.de", "xn--exmple-aua.de",
        "xn--u-ccb.com", "xn--n3h.ws", "xn--\u{E4}.de",
        // Invisible characters that a mapping would drop, and others that IDNA refuses.
        "exam\u{AD}ple.de", "ä\u{200B}.de", "\u{AD}.com", "ä\u{FE0F}.de", "ä\u{2060}.de", "ä\u{202E}.de",
        "न\u{200D}क.com", "ا\u{200C}.com", "1א.com", "😀.ws", "☃.ws", "ab--cd.ä.de", "\u{2260}.com",
    ])
    func nearMissIsRefused(_ typed: String) { #expect(DomainName(typed) == nil) }

    @Test func longestLabelAndNameAreAccepted() {
        #expect(DomainName(String(repeating: "a", count: 63) + ".com") != nil)
        #expect(DomainName(String(repeating: "a.", count: 126) + "a") != nil)
        #expect(DomainName(String(repeating: "ä", count: 40) + ".de") != nil)
    }
}
