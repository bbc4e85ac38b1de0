import TesseraHTTP
import TesseraOpenAPI
import Testing

@testable import TesseraServer

@Suite struct SitePathTests {
    @Test(arguments: [
        ("https://example.com", "", "https://example.com"),
        ("https://example.com/auth", "/auth", "https://example.com"),
        ("http://127.0.0.1:8080/a/b", "/a/b", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/a", "/a", "http://[::1]:8080"),
    ])
    func issuerIsAnOriginAndAPath(issuer: String, path: String, origin: String) {
        #expect(SitePath(issuer: issuer).text == path)
        #expect(SitePath.origin(ofIssuer: issuer) == origin)
    }

    @Test func addressesBeginWithThePath() {
        #expect(SitePath(issuer: "https://example.com/auth").address("/login") == "/auth/login")
        #expect(SitePath.root.address("/login") == "/login")
    }

    @Test func onlyWholeSegmentsAreTakenAway() {
        let site = SitePath(issuer: "https://example.com/auth")
        #expect(site.inside("/auth") == "/")
        #expect(site.inside("/auth/") == "/")
        #expect(site.inside("/auth/login") == "/login")
        for path in ["/", "/login", "/authority", "/aut", "/AUTH/login", "/x/auth/login"] {
            #expect(site.inside(path) == nil, "\(path)")
        }
        #expect(SitePath.root.inside("/login") == nil)
    }

    /// The paths at which a service answers, and what it sees.
    @Test(arguments: [
        ("/auth/login", "/login"), ("/login", "/login"), ("/auth", "/"), ("/auth/", "/"), ("/", "/"),
        // A route of its own that begins with the path: asked for with the path and without.
        ("/auth/verify", "/auth/verify"), ("/auth/auth/verify", "/auth/verify"),
        ("/auth/nowhere", nil), ("/nowhere", nil), ("/authority", nil),
    ])
    func bothAddressesAreAnswered(asked: String, seen: String?) async throws {
        var router = Router()
        for path in ["/", "/login", "/auth/verify"] {
            router.get(path) { Response(.ok, "text/plain", Array($0.path.utf8)) }
        }
        let service = router.makeResponder().at(
            SitePath(issuer: "https://example.com/auth"), leadsTo: router.makePathTest())
        do {
            let response = try await service.handler(Request(.get, asked))
            guard case .bytes(let bytes) = response.body else {
                Issue.record("no body")
                return
            }
            #expect(String(decoding: bytes, as: UTF8.self) == seen)
        } catch let error as HTTPError {
            #expect(error.status == .notFound)
            #expect(seen == nil)
        }
    }

    @Test(arguments: [
        ("/login?next=/", "/auth/login?next=/"), ("https://example.org/a", "https://example.org/a"),
        ("//example.org/a", "//example.org/a"), ("login", "login"), ("?a", "?a"), ("#a", "#a"),
    ])
    func locationIsBelowThePath(location: String, sent: String) async throws {
        let response = try await answer([.location: location])
        #expect(response.fields[.location] == sent)
    }

    @Test func everyTargetOfALinkIsBelowThePath() async throws {
        var fields: Fields = [
            .link:
                "</a?page=2>; rel=\"next\", <https://example.org/>; rel=\"x\", <//example.org/b>; rel=y, <c>; rel=z"
        ]
        fields.append(.link, "</d>; rel=prev")
        let sent = try await answer(fields).fields.values(of: .link)
        #expect(
            sent == [
                "</auth/a?page=2>; rel=\"next\", <https://example.org/>; rel=\"x\", <//example.org/b>; rel=y, <c>; rel=z",
                "</auth/d>; rel=prev",
            ])
    }

    private func answer(_ fields: Fields) async throws -> Response {
        let responder = Responder(handler: { _ in Response(.seeOther, fields: fields) })
        let site = SitePath(issuer: "https://example.com/auth")
        return try await responder.at(site, leadsTo: { _ in true }).handler(Request(.get, "/"))
    }
}
