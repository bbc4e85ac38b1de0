import Testing

@testable import TesseraHTTP

@Suite struct PercentEncodingTests {
    @Test func unreservedCharactersStay() {
        let text = "ABCXYZabcxyz0189-._~"
        #expect(PercentEncoding.pathSegment(text) == text)
        #expect(PercentEncoding.queryValue(text) == text)
    }

    @Test func everythingElseIsEncodedInUpperCase() {
        #expect(PercentEncoding.queryValue("a b+c&d=é/\u{0}%") == "a%20b%2Bc%26d%3D%C3%A9%2F%00%25")
        #expect(PercentEncoding.pathSegment("../a") == "..%2Fa")
    }

    @Test func wholePathKeepsItsSlashes() {
        #expect(PercentEncoding.path("/a b/é\"\u{1B}") == "/a%20b/%C3%A9%22%1B")
    }
}
