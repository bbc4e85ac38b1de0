import TesseraCore
import TesseraHTTP
import TesseraOpenAPI
import TesseraTestKit
import Testing

@testable import TesseraServer

@Suite struct ReferencePageTests {
    /// An authority with one route of an embedding program, full of markup and of quotes.
    private static func world() async throws -> TestAuthority {
        try await TestAuthority(
            configure: { $0.api.summary = "What `dragons` <i>have</i>." },
            addRoutes: { authority, router in
                let endpoint = authority.protect(.tokensRead) { (_, _, _: Hoard) in Response(.noContent) }
                router.put("/api/hoards/:hoard", endpoint, .fillHoard)
            })
    }

    private static func page(_ client: TestClient) async throws -> MarkupReader {
        MarkupReader(try await client.get("/docs").text)
    }

    @Test func everyDescribedOperationIsThere() async throws {
        let world = try await Self.world()
        let page = try await Self.page(world.client())
        #expect(page.faults == [])
        #expect(Set(page.ids).count == page.ids.count)
        for route in world.description.routes {
            let operation = try #require(page.element(id: route.operation.id), "\(route.route)")
            #expect(operation.ancestors.contains("details"))
            let command = try #require(page.element(id: "\(route.operation.id)-curl")).text
            #expect(command.hasPrefix("curl -i"))
            for answer in route.answers { #expect(operation.text.contains("\(answer.status.code)")) }
            for parameter in route.parameters { #expect(operation.text.contains(parameter.name)) }
        }
    }

    @Test func everyLinkInThePageLeadsSomewhere() async throws {
        let page = try await Self.page(Self.world().client())
        let ids = Set(page.ids)
        let targets = page.all("a").compactMap { $0.attributes["href"] }.filter { $0.hasPrefix("#") }
        #expect(targets.count > 20)
        for target in targets { #expect(ids.contains(String(target.dropFirst())), "\(target)") }
    }

    @Test func operationOfAnEmbeddingProgramIsShownAndEscaped() async throws {
        let page = try await Self.page(Self.world().client())
        let operation = try #require(page.element(id: "fillHoard"))
        #expect(operation.text.contains("<b>All</b> of it"))
        #expect(page.all("b").isEmpty && page.all("i").isEmpty)
        #expect(operation.text.contains("For tokens with tokens:read, and for people who have signed in."))
        let command = try #require(page.element(id: "fillHoard-curl")).text
        #expect(
            command == #"""
                curl -i -X PUT 'http://127.0.0.1:8080/api/hoards/HOARD' \
                  -H "Authorization: Bearer $TOKEN" \
                  -H 'Content-Type: application/json' \
                  --data-raw '{"name": "Fafnir'\''s"}'
                """#)
    }

    @Test func schemaIsSaidInWords() async throws {
        let page = try await Self.page(Self.world().client())
        let text = try #require(page.element(id: "fillHoard")).text
        for phrase in [
            "namestring, 1–20 charactersrequired", "coinsinteger, 0 or more", "metals\"gold\" or \"silver\"",
            "gemsarray of string, at most 3 elements or null", "notesobject of any names with boolean",
            "lairobject", "deepboolean", "kindTokenKind",
        ] {
            #expect(text.contains(phrase), "\(phrase)")
        }
    }

    @Test func onlyThisPageMayCallTheAPI() async throws {
        let client = try await Self.world().client()
        func policy(_ path: String) async throws -> String {
            try await client.get(path).fields[.contentSecurityPolicy] ?? ""
        }
        #expect(try await policy("/docs").contains("connect-src 'self'"))
        #expect(try await policy("/docs").contains("default-src 'none'"))
        #expect(try await !policy("/").contains("connect-src"))
    }

    @Test func personWhoHasSignedInMayCallByTheirSession() async throws {
        let world = try await Self.world()
        func identities(_ client: TestClient) async throws -> [String?] {
            try await Self.page(client).all("input").filter { $0.attributes["name"] == "identity" }
                .map { $0.attributes["value"] }
        }
        #expect(try await identities(world.client()) == ["token", "nobody"])
        let browser = try await world.browser(of: try await world.person("ember"))
        #expect(try await identities(browser) == ["session", "token", "nobody"])
        let page = try await Self.page(browser)
        #expect(page.first("meta") { $0.attributes["name"] == "csrf-token" } != nil)
    }
}

private struct Hoard: APIBody, Decodable {
    static let schema = JSONSchema.closedObject(
        .required("name", .string(1...20)),
        .optional("coins", .integer(0...Int64.max)),
        .optional("metals", .choice("gold", "silver")),
        .optional("gems", .array(of: .string, count: 0...3).nullable),
        .optional("notes", .map(of: .bool, names: .string)),
        .optional("lair", .object(.optional("deep", .bool))),
        .optional("kind", .tokenKind)
    ).named("Hoard")
    static let example = #"{"name": "Fafnir's"}"#
}

extension APIOperation {
    fileprivate static let fillHoard = APIOperation(
        "fillHoard", "Fill a hoard", in: .caller, details: "<b>All</b> of it.",
        answers: [.noContent("It is full.")])
}
