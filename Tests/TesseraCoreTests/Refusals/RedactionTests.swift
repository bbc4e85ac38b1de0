import TesseraCore
import Testing

@Suite struct RedactionTests {
    private let word = String(repeating: "a1_B", count: 17)

    @Test func whatCouldBeATokenIsLeftOut() {
        #expect(Redaction.redact("/x/\(word)/y") == "/x/<redacted>/y")
        #expect(Redaction.redact(word) == "<redacted>")
        #expect(Redaction.redact("a \(word), \(word)") == "a <redacted>, <redacted>")
    }

    @Test func theRestStays() {
        let text =
            "GET /api/treasures/017f22e2-79b0-7cc3-98c4-dc0c0c07398f 200 é 0123456789abcdef0123456789abcdef"
        #expect(Redaction.redact(text) == text)
    }

    @Test(arguments: ["tcp", "abc", "zzz"])
    func tokensAreLeftOutWhateverTheyBeginWith(prefix: String) {
        let token = prefix + "_" + String(repeating: "k", count: 64)
        #expect(Redaction.redact("/x/\(token)?t=\(token)") == "/x/<redacted>?t=<redacted>")
    }
}
