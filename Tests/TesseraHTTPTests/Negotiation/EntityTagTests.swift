import Testing

@testable import TesseraHTTP

@Suite struct EntityTagTests {
    private func hasCopy(_ values: String...) -> Bool {
        var request = Request(.get, "/")
        for value in values { request.fields.append(.ifNoneMatch, value) }
        return request.hasCopy(of: EntityTag("abc")!)
    }

    @Test(
        "RFC 9110 §13.1.2",
        arguments: [
            "*", " * ", "\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "\"x\",,W/\"abc\" , \"y\"",
            "\"a,b\", \"abc\"", ", \"abc\"",
        ])
    func copyIsNamed(_ value: String) {
        #expect(hasCopy(value.trimmed))
    }

    @Test(arguments: [
        "", "abc", "\"abc", "abc\"", "\"ABC\"", "\"abcd\"", "\"xabcx\"", "'abc'", "w/\"abc\"", "W\"abc\"",
        "W/abc",
        "\"abc\" \"x\"", "*, \"abc\"", "**", "\"abc\";q=1", "x \"abc\"", "\"a bc\", \"abc\"", "\"\u{212B}\"",
    ])
    func otherTextNamesNoCopy(_ value: String) {
        #expect(!hasCopy(value))
    }

    @Test func severalFieldsAreOneList() {
        #expect(hasCopy("\"x\"", "\"abc\""))
        #expect(!hasCopy())
    }

    private func matches(_ value: String, _ tag: EntityTag?) -> Bool {
        let request = Request(.patch, "/", fields: [.ifMatch: value])
        do throws(HTTPError) {
            try request.requireMatch(of: tag)
            return true
        } catch {
            return error.status != .preconditionFailed
        }
    }

    @Test("RFC 9110 §13.1.1")
    func onlyTheNamedStateMayBeChanged() throws {
        let tag = EntityTag("abc")
        for value in ["*", "\"abc\"", "\"x\", \"abc\""] { #expect(matches(value, tag), "\(value)") }
        for value in ["", "W/\"abc\"", "\"x\"", "abc", "\"abc\" x", "*, \"abc\""] {
            #expect(!matches(value, tag), "\(value)")
        }
        #expect(matches("*", nil))
        for value in ["", "\"\"", "\"abc\"", "W/\"\"", "x"] { #expect(!matches(value, nil), "\(value)") }
        try Request(.patch, "/").requireMatch(of: nil)
    }

    @Test func aTagHasNoQuotesSpacesOrControlCharacters() {
        for text in ["a\"b", "a b", "a\tb", "a\u{7F}"] { #expect(EntityTag(text) == nil) }
        #expect(EntityTag("")?.fieldValue == "\"\"")
        #expect(EntityTag("a-_!")?.fieldValue == "\"a-_!\"")
    }
}

extension String {
    /// The value without surrounding spaces, as the parser of fields passes it on.
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
