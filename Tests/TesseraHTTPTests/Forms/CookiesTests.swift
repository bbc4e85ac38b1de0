import Testing

@testable import TesseraHTTP

@Suite struct CookiesTests {
    private func parse(_ values: String...) -> [String] {
        Cookies(parsing: values).pairs.map { "\($0.name)=\($0.value)" }
    }

    @Test func pairsAreReadInOrder() {
        #expect(parse("a=1; b=2;c=3;\td=") == ["a=1", "b=2", "c=3", "d="])
        #expect(parse("a=b=c") == ["a=b=c"])
        #expect(parse("a=\"x\"") == ["a=\"x\""])
        #expect(parse("") == [])
        #expect(parse() == [])
        #expect(parse(";; a=1 ;") == ["a=1"])
    }

    @Test func severalFieldsAreOneList() {
        var request = Request(.get, "/")
        #expect(request.cookies.pairs.isEmpty)
        request.fields.append(.cookie, "a=1")
        request.fields.append("cookie", "b=2; a=3")
        #expect(request.cookies.values(of: "a") == ["1", "3"])
        #expect(request.cookies.single("b") == "2")
    }

    @Test(arguments: [
        "x", "=x", "a b=1", "é=1", "a=b c", "a=b,c", "a=\"", "a=\"b", "a=b\"", "a=\"b\"c", "a=b\\c", "a=é",
        "a=\u{7F}",
        "a=\u{0}", "a(=1", "a =1", "a= 1", "\"a\"=1",
    ])
    func onlyTheMalformedPairIsLeftOut(_ pair: String) {
        #expect(parse("first=1; \(pair); last=2") == ["first=1", "last=2"])
    }

    @Test func repeatedCookieHasNoSingleValue() {
        let cookies = Cookies(parsing: ["a=1; a=1; b=2"])
        #expect(cookies.single("a") == nil)
        #expect(cookies.values(of: "a") == ["1", "1"])
        #expect(cookies.single("b") == "2")
        #expect(cookies.single("c") == nil)
    }

    @Test func tooManyCookiesCountAsNone() {
        func cookies(_ count: Int) -> Cookies {
            Cookies(parsing: ["a=1; a2=x"] + (0..<count).map { "b\($0)=2; =; " })
        }
        #expect(cookies(254).single("a") == "1")
        #expect(cookies(254).pairs.count == 256)
        #expect(cookies(255).pairs.isEmpty)
    }

    @Test func namesAreCaseSensitive() {
        #expect(Cookies(parsing: ["__host-s=1"]).single("__Host-s") == nil)
    }
}
