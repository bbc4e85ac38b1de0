import Testing

@testable import TesseraHTTP

@Suite struct FormParametersTests {
    private func parse(_ text: String) throws(FormError) -> FormParameters {
        try FormParameters(parsing: Array(text.utf8))
    }

    @Test func pairsKeepOrderAndRepetitions() throws {
        let form = try parse("b=1&a=2&b=3")
        #expect(form.pairs.map(\.name) == ["b", "a", "b"])
        #expect(form.pairs.map(\.value) == ["1", "2", "3"])
        #expect(form.values(of: "b") == ["1", "3"])
        #expect(form.values(of: "c").isEmpty)
    }

    @Test func singleIsNilWhenAbsent() throws {
        #expect(try parse("a=1").single("b") == nil)
        #expect(try parse("a=1").single("a") == "1")
        #expect(try parse("a").single("a") == "")
    }

    @Test(arguments: ["a=1&a=2", "a=1&a=1", "a&a", "a=1&%61=2"])
    func singleRefusesARepetition(_ text: String) throws {
        let form = try parse(text)
        #expect(throws: FormError.repeated(name: "a")) { try form.single("a") }
    }

    @Test func namesAreComparedAsBytes() throws {
        let form = try parse("caf%C3%A9=1&cafe%CC%81=2&%E2%84%AA=3")
        #expect(form.values(of: "caf\u{E9}") == ["1"])
        #expect(form.values(of: "cafe\u{301}") == ["2"])
        #expect(form.values(of: "K").isEmpty)
    }

    @Test(arguments: [
        ("", []), ("&", []), ("&&a=1&", ["a=1"]), ("a", ["a="]), ("=", ["="]), ("=v", ["=v"]),
        ("a=b=c", ["a=b=c"]),
        ("a+b=+", ["a b= "]), ("a%2Bb=%26%3d", ["a+b=&="]), ("a=é", ["a=é"]), ("a=x y", ["a=x y"]),
        ("a=1;b=2", ["a=1;b=2"]), ("a=%0D%0A", ["a=\r\n"]), ("a=%25", ["a=%"]), ("a=%F0%9F%90%89", ["a=🐉"]),
    ])
    func wellFormedTextIsDecoded(_ text: String, _ expected: [String]) throws {
        #expect(try parse(text).pairs.map { "\($0.name)=\($0.value)" } == expected)
    }

    @Test(arguments: [
        ("a=%", FormError.badPercentEncoding(at: 2)), ("a=%4", .badPercentEncoding(at: 2)),
        ("a=%4&b=1", .badPercentEncoding(at: 2)), ("a=1&b=%zz", .badPercentEncoding(at: 6)),
        ("a=%+4", .badPercentEncoding(at: 2)), ("a=%0x", .badPercentEncoding(at: 2)),
        ("%=a", .badPercentEncoding(at: 0)),
        ("a=%%41", .badPercentEncoding(at: 2)), ("a=%u0041", .badPercentEncoding(at: 2)),
        ("a=%4é", .badPercentEncoding(at: 2)), ("a=%٤١", .badPercentEncoding(at: 2)),
        ("a=%00", .nul(at: 2)), ("a%00b=1", .nul(at: 1)), ("a=\u{0}", .nul(at: 2)),
        ("a=1\n", .controlCharacter(at: 3)), ("a=\u{7F}", .controlCharacter(at: 2)),
        ("\t", .controlCharacter(at: 0)),
        ("a=%FF", .notUTF8(at: 2)), ("a=1&%C3=x", .notUTF8(at: 4)), ("a=%C3&b=%A9", .notUTF8(at: 2)),
        ("a=%C0%AF", .notUTF8(at: 2)), ("a=%ED%A0%80", .notUTF8(at: 2)), ("a=%F4%90%80%80", .notUTF8(at: 2)),
    ])
    func malformedTextIsRefusedWithItsPlace(_ text: String, _ error: FormError) {
        #expect(throws: error) { try parse(text) }
    }

    @Test func rawBytesThatAreNotUTF8AreRefused() {
        #expect(throws: FormError.notUTF8(at: 2)) { try FormParameters(parsing: [0x61, 0x3D, 0xFF]) }
    }

    @Test func numberOfPairsIsLimited() throws {
        let text = Array(repeating: "a=1", count: 200).joined(separator: "&")
        #expect(try parse(text).pairs.count == 200)
        #expect(try parse(text + "&").pairs.count == 200)
        #expect(throws: FormError.tooManyPairs(limit: 200)) { try parse(text + "&b") }
        #expect(throws: FormError.tooManyPairs(limit: 1)) {
            try FormParameters(parsing: Array("a&b".utf8), maximumPairs: 1)
        }
    }

    @Test func errorsNameThePlaceAndNotTheValue() {
        #expect(
            FormError.badPercentEncoding(at: 17).description
                == "The percent-encoding at byte 17 is malformed."
        )
        #expect(FormError.repeated(name: "scope").httpError.status == .badRequest)
        #expect(
            FormError.repeated(name: "scope").httpError.detail
                == "The parameter scope occurs more than once.")
    }

    @Test func queryIsParsed() throws {
        #expect(try Request(.get, "/").queryParameters().pairs.isEmpty)
        #expect(try Request(.get, "/", query: "").queryParameters().pairs.isEmpty)
        #expect(try Request(.get, "/", query: "q=a+b%20c").queryParameters().values(of: "q") == ["a b c"])
    }

    @Test func malformedQueryIsABadRequest() {
        let error = #expect(throws: HTTPError.self) {
            try Request(.get, "/", query: "a%00b=1").queryParameters()
        }
        #expect(error?.status == .badRequest)
        #expect(error?.detail == "The query is malformed. Byte 1 is a NUL character.")
    }

    private func post(_ body: String, _ mediaType: String?) -> Request {
        var request = Request(.post, "/", body: RequestBody(Array(body.utf8)))
        request.fields[.contentType] = mediaType
        return request
    }

    @Test(arguments: [
        "application/x-www-form-urlencoded", "Application/X-WWW-Form-URLEncoded; charset=UTF-8",
        "application/x-www-form-urlencoded ;charset=\"utf-8\"",
    ])
    func formIsRead(_ mediaType: String) async throws {
        #expect(try await post("a=1&b=+", mediaType).form(upTo: 7).values(of: "b") == [" "])
    }

    @Test(arguments: [
        nil, "", "application/json", "multipart/form-data; boundary=x", "text/plain",
        "application/x-www-form-urlencoded; charset=iso-8859-1", "application/x-www-form-urlencoded2",
    ])
    func bodyThatIsNoFormIsRefusedBeforeItIsRead(_ mediaType: String?) async {
        let error = await #expect(throws: HTTPError.self) { try await post("a=%", mediaType).form(upTo: 1) }
        #expect(error?.status == .unsupportedMediaType)
        #expect(error?.fields[.accept] == "application/x-www-form-urlencoded")
    }

    @Test func formOverTheLimitIsTooLarge() async {
        let request = post("a=12", "application/x-www-form-urlencoded")
        let error = await #expect(throws: HTTPError.self) { try await request.form(upTo: 3) }
        #expect(error?.status == .contentTooLarge)
    }

    @Test func malformedFormIsABadRequest() async {
        let request = post("a=%", "application/x-www-form-urlencoded")
        let error = await #expect(throws: HTTPError.self) { try await request.form(upTo: 100) }
        #expect(error?.status == .badRequest)
        #expect(error?.detail == "The form is malformed. The percent-encoding at byte 2 is malformed.")
    }
}
