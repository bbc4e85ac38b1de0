import Testing

@testable import TesseraHTTP

@Suite struct FormEncodingTests {
    @Test func pairsAreEncodedInOrder() {
        #expect(FormEncoding.encode([("b", "1 2"), ("a", "ü&="), ("b", "")]) == "b=1+2&a=%C3%BC%26%3D&b=")
        #expect(FormEncoding.encode([]) == "")
    }

    @Test func unreservedSetIsThatOfForms() {
        #expect(FormEncoding.encode("aZ9*-._~+") == "aZ9*-._%7E%2B")
    }

    @Test func everyCharacterSurvivesTheRoundTrip() throws {
        let text = String(String.UnicodeScalarView((1...0x2FF).map { Unicode.Scalar($0)! })) + "🐉"
        #expect(try FormEncoding.decode(FormEncoding.encode(text)).utf8.elementsEqual(text.utf8))
        let parsed = try FormParameters(parsing: Array(FormEncoding.encode([(text, text)]).utf8))
        #expect(try parsed.single(text)?.utf8.elementsEqual(text.utf8) == true)
    }

    @Test("RFC 6749 Appendix B") func publishedExampleIsEncoded() {
        #expect(FormEncoding.encode(" %&+£€") == "+%25%26%2B%C2%A3%E2%82%AC")
    }

    @Test func separatorsInASingleValueAreText() throws {
        #expect(try FormEncoding.decode("a=b&c%3a+") == "a=b&c: ")
    }
}
