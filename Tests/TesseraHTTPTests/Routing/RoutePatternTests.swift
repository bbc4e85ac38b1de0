import Testing

@testable import TesseraHTTP

@Suite struct RoutePatternTests {
    @Test func rootHasNoSegments() throws {
        #expect(try #require(RoutePattern("/")).segments.isEmpty)
    }

    @Test func segmentsAreLiteralsAndParameters() throws {
        let pattern = try #require(RoutePattern("/.well-known/users/:user_id"))
        #expect(pattern.segments == [.literal(".well-known"), .literal("users"), .parameter("user_id")])
        #expect(pattern.parameterNames == ["user_id"])
        #expect(pattern.shape == "/.well-known/users/:")
    }

    @Test(arguments: [
        "", "a", "a/b", "//", "/a/", "/a//b", "/:", "/:a-b", "/:a/:a", "/.", "/a/../b", "/a b", "/a%20b",
        "/a?b",
        "/a#b", "/*", "/é", "/a:b", "/{id}", "/a\u{0}",
    ])
    func faultyPatternIsRefused(_ text: String) {
        #expect(RoutePattern(text) == nil)
    }
}
