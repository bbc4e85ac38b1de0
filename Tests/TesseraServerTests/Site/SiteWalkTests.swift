import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraOpenAPI
import TesseraServer
import TesseraTestKit
import Testing

/// Walks through everything that pages lead to, where the issuer has a path.
@Suite struct SiteWalkTests {
    private static let issuer = "http://127.0.0.1:8080/auth"
    private static let addressAttributes = ["href", "action", "src", "formaction"]

    private func world() async throws -> TestAuthority {
        try await TestAuthority(
            configure: {
                $0.issuer = Self.issuer
                $0.allowsRegistration = true
            },
            addRoutes: { authority, router in
                // A route of an embedding program.
                router.get("/hoard") { _ in
                    Response(
                        .seeOther, fields: [.location: "/hoard/1", .link: "</hoard?page=2>; rel=\"next\""])
                }
            })
    }

    /// What reaches the service of an address: a proxy takes the path away, or does not.
    private func received(_ address: String, isStripped: Bool) -> String {
        guard isStripped else { return address }
        let rest = address.dropFirst("/auth".count)
        return rest.hasPrefix("/") ? String(rest) : "/" + rest
    }

    @Test("Every address on every page leads below the path", arguments: [false, true], [false, true])
    func addressesLeadBelowThePath(isStripped: Bool, isSignedIn: Bool) async throws {
        let world = try await world()
        let client = world.client()
        if isSignedIn {
            let ember = try await world.person("ember", isOperator: true)
            for number in 1...3 { _ = try await world.issue(to: ember, name: "token \(number)") }
            _ = try await client.get(received("/auth/login", isStripped: isStripped))
            let signedIn = try await client.post(
                received("/auth/login", isStripped: isStripped),
                form: [
                    ("email", ember.email.text), ("password", TestAuthority.password),
                    ("next", "/settings/tokens"),
                ])
            #expect(signedIn.location == "/auth/settings/tokens")
        }
        var found = ["/auth/", "/auth/settings/tokens", "/auth/nowhere"]
        var visited: Set<String> = []
        while let address = found.popLast() {
            guard visited.insert(address).inserted, visited.count < 400 else { continue }
            let answer = try await client.get(received(address, isStripped: isStripped))
            #expect(
                answer.status == (address == "/auth/nowhere" ? 404 : answer.status == 303 ? 303 : 200),
                "\(address)")
            var targets = [answer.location].compactMap { $0 }
            if answer.fields[.contentType]?.hasPrefix("text/html") == true {
                for element in MarkupReader(answer.text).elements {
                    for name in Self.addressAttributes {
                        guard let target = element.attributes[name] else { continue }
                        if element.name != "form" || element.attributes["method"] != "post" {
                            targets.append(target)
                        }
                        guard !target.hasPrefix("#"), !target.hasPrefix("?") else { continue }
                        #expect(target.hasPrefix("/auth/"), "\(address): \(name)=\(target)")
                    }
                }
            }
            for target in targets where target.hasPrefix("/") {
                #expect(target.hasPrefix("/auth/"), "\(address) leads to \(target)")
                found.append(String(target.prefix { $0 != "#" }))
            }
        }
        // The walk got around.
        let pages =
            isSignedIn
            ? [
                "/auth/docs", "/auth/openapi.json", "/auth/settings/sessions", "/auth/settings/tokens/new",
                "/auth/admin/users",
            ]
            : ["/auth/docs", "/auth/register", "/auth/login"]
        for page in pages where page != "/auth/openapi.json" {
            #expect(visited.contains { $0.hasPrefix(page) }, "\(page)")
        }
        #expect(visited.contains { $0.hasPrefix("/auth/assets/tessera-") && $0.hasSuffix(".css") })
    }

    @Test(arguments: [false, true])
    func programsAreLedBelowThePath(isStripped: Bool) async throws {
        let world = try await world()
        let ember = try await world.person("ember")
        let token = try await world.token(for: ember, scopes: ["tokens:write", "tokens:read"])
        let client = world.client()
        let made = try await client.send(
            .post, received("/auth/api/tokens", isStripped: isStripped), token: token,
            json: #"{"name":"Laptop","scopes":[],"expires_at":null}"#)
        #expect(made.status == 201)
        #expect(made.location?.hasPrefix("/auth/api/tokens/") == true)
        let document = try await client.get(received("/auth/openapi.json", isStripped: isStripped))
        #expect(document["servers"]?.array?.first?.object?["url"]?.string == Self.issuer)
        let embedded = try await client.get(received("/auth/hoard", isStripped: isStripped))
        #expect(embedded.location == "/auth/hoard/1")
        #expect(embedded.fields[.link] == "</auth/hoard?page=2>; rel=\"next\"")
        let me = try await client.get(received("/auth/api/me", isStripped: isStripped), token: token)
        #expect(me["username"]?.string == "ember")
    }

    @Test func aFormMayComeFromAPageOfTheIssuersOrigin() async throws {
        let world = try await world()
        let ember = try await world.person("ember")
        func signIn(from origin: String) async throws -> Int {
            let client = world.client()
            _ = try await client.get("/login")
            // A proxy has put its own name for the server in the place of the host.
            return try await client.post(
                "/login", form: [("email", ember.email.text), ("password", TestAuthority.password)],
                fields: [.origin: origin, .host: "tessera.internal"]
            ).status
        }
        #expect(try await signIn(from: "http://127.0.0.1:8080") == 303)
        #expect(try await signIn(from: "http://127.0.0.1:8081") == 403)
        #expect(try await signIn(from: "http://127.0.0.1:8080/auth") == 403)
    }
}
