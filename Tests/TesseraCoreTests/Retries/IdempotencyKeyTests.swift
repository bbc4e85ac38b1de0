import TesseraCore
import Testing

@Suite struct IdempotencyKeyTests {
    @Test(arguments: [
        (#""8e03978e-40d5-43dd-bc93-6894a57f9324""#, "8e03978e-40d5-43dd-bc93-6894a57f9324"),
        ("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"),
        (#""a b""#, "a b"), (#""a\"b\\c""#, #"a"b\c"#), ("k", "k"), ("Zm9vYg==", "Zm9vYg=="),
        ("a:b/c", "a:b/c"), (#"" ""#, " "),
    ])
    func quotedAndBareTextIsAKey(value: String, text: String) {
        #expect(IdempotencyKey(value)?.text == text)
    }

    @Test(arguments: [
        "", #""""#, "\"", #""a"#, #"a""#, #""a"b""#, #""a\b""#, #""a\""#, "a b", "a,b", #""a", "b""#,
        #""a";p=1"#,
        "a;p=1", ":YWJj:()", "ä", "\"ä\"", "a\u{0}b", "\"a\u{7F}\"", "\"a\tb\"", "a\\b", "\u{FEFF}a",
    ])
    func otherTextIsNoKey(value: String) {
        #expect(IdempotencyKey(value) == nil)
    }

    @Test func lengthIsThatOfTheText() {
        let longest = String(repeating: "k", count: 255)
        #expect(IdempotencyKey(longest)?.text == longest)
        #expect(IdempotencyKey("\"\(longest)\"")?.text == longest)
        #expect(IdempotencyKey(longest + "k") == nil)
        #expect(IdempotencyKey("\"\(longest)k\"") == nil)
        let escaped = String(repeating: #"\\"#, count: 255)
        #expect(IdempotencyKey("\"\(escaped)\"")?.text.utf8.count == 255)
        #expect(IdempotencyKey("\"\(escaped)k\"") == nil)
    }

    @Test func partsOfAKeyAreSeparated() {
        #expect(Claim.key(.request, ["a", "bc"]) != Claim.key(.request, ["ab", "c"]))
        #expect(Claim.key(.request, ["a"]) != Claim.key(.form, ["a"]))
        #expect(Claim.key(.request, ["a", ""]) != Claim.key(.request, ["a"]))
    }
}
