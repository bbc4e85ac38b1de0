import Testing

@testable import TesseraHTTP

@Suite struct AcceptTests {
    /// The choice when the program prefers problem+json to html.
    private func choose(_ values: String...) -> String? {
        Accept(parsing: values).choose(from: .problemJSON, .html)?.essence
    }

    @Test func withoutAPreferenceTheFirstOfferIsChosen() {
        #expect(choose() == "application/problem+json")
        #expect(choose("") == "application/problem+json")
        #expect(choose(" , ,") == "application/problem+json")
        #expect(Request(.get, "/").accept.choose(from: .html, .json) == .html)
    }

    @Test(arguments: [
        ("text/html", "text/html"), ("TEXT/HTML", "text/html"), ("*/*", "application/problem+json"),
        ("text/*", "text/html"), ("text/html, */*", "application/problem+json"),
        ("text/html, */*;q=0.9", "text/html"),
        ("text/html;q=0.5, application/*;q=0.6", "application/problem+json"),
        ("application/problem+json;q=0.001, text/html;q=0.002", "text/html"),
        ("text/html;q=0.8,application/problem+json;q=0.8", "application/problem+json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "text/html"),
        ("application/problem+json;q=0, */*", "text/html"), ("text/html;q=1.000", "text/html"),
        ("text/html ; q=0.5 , application/json", "text/html"), ("text/html;Q=0., */*;q=0", nil),
        ("application/json", nil), ("text/html;q=0", nil), ("*/*;q=0", nil), ("text/html;level=1", nil),
        (",text/html,,", "text/html"), ("text/html;q=0.5;ext=1", "text/html"),
        ("a/b;c=\"x,y\",text/html", "text/html"),
    ])
    func weightsDecide(_ value: String, _ expected: String?) {
        #expect(choose(value) == expected)
    }

    @Test func mostSpecificRangeDecides() {
        let accept = Accept(parsing: ["text/html;level=1;q=0.3, */*;q=0.9, text/*;q=0.2, text/html;q=0.1"])
        #expect(accept.quality(of: .html) == 100)
        #expect(accept.quality(of: .plainText) == 200)
        #expect(accept.quality(of: .json) == 900)
        #expect(accept.quality(of: MediaType("text/html;level=1")!) == 300)
    }

    @Test func severalFieldsAreOneList() {
        #expect(choose("application/json", "text/html") == "text/html")
    }

    @Test(arguments: [
        "text", "text/html;q", "text/html;q=", "text/html;q=2", "text/html;q=1.001", "text/html;q=0.1234",
        "text/html;q=-0", "text/html;q=.5", "text/html;q=01", "text/html;q=0,5", "text/html;q=0.5;q=0.6",
        "*/html",
        "text/html application/json", "text/html;;q=x", "text/ html", "text/html\u{0}", "a/b;c=\"d",
    ])
    func malformedListCountsAsAbsent(_ value: String) {
        #expect(choose("text/html;q=0.9, " + value) == "application/problem+json")
    }

    @Test func tooManyRangesCountAsAbsent() {
        let many = Array(repeating: "text/html", count: 64).joined(separator: ",")
        #expect(choose(many) == "text/html")
        #expect(choose(many + ",text/html") == "application/problem+json")
    }
}
