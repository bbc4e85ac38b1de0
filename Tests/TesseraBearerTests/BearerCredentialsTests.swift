import TesseraBearer
import Testing

@Suite struct BearerCredentialsTests {
    @Test func withoutFieldThereAreNone() {
        #expect(BearerCredentials(field: nil) == .absent)
    }

    @Test(
        "N064",
        arguments: [
            ("Bearer mF_9.B5f-4.1JqM", "mF_9.B5f-4.1JqM"), ("bearer abc", "abc"), ("BEARER abc", "abc"),
            ("bEaReR abc", "abc"), ("Bearer    abc", "abc"), ("Bearer a", "a"), ("Bearer abc==", "abc=="),
            ("Bearer a=======", "a======="), ("Bearer -._~+/09azAZ", "-._~+/09azAZ"),
            ("Bearer Bearer", "Bearer"),
        ])
    func tokensAreFound(_ field: String, _ token: String) {
        #expect(BearerCredentials(field: field) == .bearer(token: token))
        let bytes = Array(field.utf8)
        guard case .token(let range) = BearerCredentials.locate(in: bytes.span) else {
            Issue.record("no token in \(field)")
            return
        }
        #expect(Array(bytes[range]) == Array(token.utf8))
    }

    @Test(arguments: [
        "", " ", "Bearer", "Bearer ", "Bearer   ", " Bearer abc", "Bearer abc ", "Bearer abc def",
        "Bearer\tabc",
        "Bearer \tabc", "Bearer abc\t", "Bearer =", "Bearer ==", "Bearer a=b", "Bearer abc,",
        "Bearer abc, Basic x",
        "Bearer, abc", "Bearer=abc", "Bearer:abc", "Bearer \"abc\"", "Bearer token=abc", "Bearer abc\u{0}",
        "Bearer a\u{0}c", "Bearer\u{0} abc", "Bearer ab\nc", "Bearer ab\r\nX: y", "Bearer é", "Béarer abc",
        "Bearer abc;", "Bearer ab%63", "Bearer abc\u{7F}", "Bearer\u{A0}abc", "\u{0}", "(Bearer) abc",
        "=Bearer x",
        "Bearer a!b", "Bearer a*b",
    ])
    func nearMissesAreMalformed(_ field: String) {
        #expect(BearerCredentials(field: field) == .malformed)
    }

    @Test(arguments: [
        "Basic dXNlcjpwYXNz", "Bearerabc", "Bearers abc", "Beare abc", "DPoP abc", "Digest realm=\"x\", a=b",
        "x",
        "Basic", "\u{2A} x", "Bear\u{65}r2 x", "`earer abc", "Negotiate \u{FF}",
    ])
    func otherSchemesAreLeftAlone(_ field: String) {
        #expect(BearerCredentials(field: field) == .otherScheme)
    }

    @Test func onlyLettersAreComparedWithoutCase() {
        // Setting bit 5 maps more than capitals: every single-byte change of the scheme must be refused.
        let field = Array("Bearer abc".utf8)
        for index in 0..<6 {
            for byte in UInt8.min...UInt8.max where byte | 0x20 != field[index] | 0x20 {
                var other = field
                other[index] = byte
                if case .token = BearerCredentials.locate(in: other.span) {
                    Issue.record("byte \(byte) at \(index) was taken for the scheme")
                }
            }
        }
        var control = field
        control[0] = UInt8(ascii: "B") & 0x1F
        #expect(BearerCredentials.locate(in: control.span) == .malformed)
    }

    @Test func everyByteIsInTheTokenGrammarOrRefused() {
        let allowed = Set("-._~+/=0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        for byte in UInt8.min...UInt8.max {
            let field = "Bearer a" + String(UnicodeScalar(byte))
            let isAllowed = allowed.contains(byte)
            #expect(
                BearerCredentials(field: field)
                    == (isAllowed ? .bearer(token: String(field.dropFirst(7))) : .malformed))
        }
    }

    @Test func tokensEndAtFourThousandAndNinetySixBytes() {
        let longest = String(repeating: "a", count: 4_096)
        #expect(BearerCredentials(field: "Bearer \(longest)") == .bearer(token: longest))
        #expect(BearerCredentials(field: "Bearer      \(longest)") == .bearer(token: longest))
        #expect(BearerCredentials(field: "Bearer \(longest)a") == .malformed)
        #expect(BearerCredentials(field: "Bearer \(longest)=") == .malformed)
        #expect(BearerCredentials(field: "Bearer \(String(repeating: "a", count: 8_192))") == .malformed)
    }

    @Test func nothingPrintsTheToken() {
        let credentials = BearerCredentials(field: "Bearer hoard")
        var dumped = ""
        dump(credentials, to: &dumped)
        for text in ["\(credentials)", String(reflecting: credentials), dumped, "\([credentials])"] {
            #expect(!text.contains("hoard"))
        }
    }
}
