import Synchronization
import TesseraCore
import TesseraHTTP
import TesseraJSON
import TesseraOpenAPI
import TesseraServer
import TesseraTestKit
import TesseraTime
import Testing

@Suite struct RepeatedRequestTests {
    private static let order = #"{"name":"Backup","scopes":["tokens:read"],"expires_at":null}"#

    private func world() async throws -> (TestAuthority, User, String) {
        let world = try await TestAuthority()
        let ember = try await world.person("ember")
        return (world, ember, try await world.token(for: ember, scopes: ["tokens:read", "tokens:write"]))
    }

    private func create(
        _ client: TestClient, _ token: String?, key: String..., json: String = order,
        at target: String = "/api/tokens", proof: String? = nil
    ) async throws -> TestAnswer {
        var fields: Fields = [.contentType: "application/json"]
        for key in key { fields.append(.idempotencyKey, key) }
        if let proof { fields.append("X-CSRF-Token", proof) }
        return try await client.send(.post, target, token: token, fields: fields, body: Array(json.utf8))
    }

    private func count(_ world: TestAuthority, _ user: User) async throws -> Int {
        try await world.authority.store.tokens(of: user.id, before: nil, limit: 99).count
    }

    @Test func secondRequestGetsTheFirstAnswerWithoutTheSecret() async throws {
        let (world, ember, token) = try await world()
        let client = world.client()
        let first = try await create(client, token, key: "\"k-1\"")
        #expect(first.status == 201)
        let secret = try #require(first["token"]?.string)
        let second = try await create(client, token, key: "k-1")
        #expect(second.status == 201)
        #expect(second.location == first.location)
        #expect(second.fields[.contentType] == "application/json")
        #expect(second.fields[.cacheControl] == "no-store")
        #expect(second["token"] == nil)
        let members = try #require(first.json.object?.members.filter { $0.name != "token" })
        #expect(second.json.object?.members == members)
        #expect(!second.text.contains(secret))
        #expect(try await count(world, ember) == 2)
        #expect(try await create(client, token, key: "k-2").status == 201)
        #expect(try await count(world, ember) == 3)
    }

    @Test func keyIsForgottenAfterADay() async throws {
        let (world, ember, token) = try await world()
        let client = world.client()
        _ = try await create(client, token, key: "k")
        world.clock.advance(by: Claim.lifetime - .milliseconds(1))
        #expect(try await create(client, token, key: "k")["token"] == nil)
        world.clock.advance(by: .milliseconds(1))
        #expect(try await create(client, token, key: "k")["token"] != nil)
        #expect(try await count(world, ember) == 3)
    }

    @Test(arguments: [
        #"{"name":"Backup","scopes":["tokens:read"],"expires_at":null} "#,
        #"{"name":"Other","scopes":["tokens:read"],"expires_at":null}"#, "not JSON",
    ])
    func otherBodyIsRefused(json: String) async throws {
        let (world, ember, token) = try await world()
        let client = world.client()
        _ = try await create(client, token, key: "k")
        let answer = try await create(client, token, key: "k", json: json)
        #expect(answer.isProblem(422))
        #expect(answer.violations == [""])
        #expect(try await create(client, token, key: "k", at: "/api/tokens?x=1").isProblem(422))
        #expect(try await count(world, ember) == 2)
    }

    @Test(arguments: ["", "a b", "\"\"", "\"a", "ä", "a;p=1"])
    func malformedKeyIsRefused(key: String) async throws {
        let (world, ember, token) = try await world()
        #expect(try await create(world.client(), token, key: key).isProblem(400))
        #expect(try await create(world.client(), token, key: "k", "k").isProblem(400))
        #expect(try await count(world, ember) == 1)
    }

    @Test func requestThatCreatesNothingLeavesTheKeyFree() async throws {
        let (world, ember, token) = try await world()
        let client = world.client()
        #expect(try await create(client, token, key: "k", json: "{").isProblem(400))
        #expect(try await create(client, token, key: "k", json: "{}").isProblem(422))
        #expect(try await create(client, token, key: "k").status == 201)
        #expect(try await count(world, ember) == 2)
    }

    @Test func callersDoNotMeetEachOthersKeys() async throws {
        let (world, ember, token) = try await world()
        let other = try await world.token(for: ember, scopes: ["tokens:read", "tokens:write"])
        let ash = try await world.person("ash")
        let stranger = try await world.token(for: ash, scopes: ["tokens:read", "tokens:write"])
        let browser = try await world.browser(of: ember)
        let page = try await browser.get("/settings/tokens")
        let session = try await create(browser, nil, key: "k", proof: page.formToken)
        #expect(session["token"] != nil)
        for caller in [token, other, stranger] {
            let answer = try await create(world.client(), caller, key: "k")
            #expect(answer["token"] != nil)
            #expect(answer["id"] != session["id"])
        }
        // The same person in another browser is the same caller.
        let second = try await world.browser(of: ember)
        let proof = try await second.get("/settings/tokens").formToken
        let again = try await create(second, nil, key: "k", proof: proof)
        #expect(again["id"] == session["id"])
        #expect(again["token"] == nil)
    }

    @Test func keyNeedsTheSameRightsAsTheFirstRequest() async throws {
        let (world, ember, token) = try await world()
        let made = try await world.issue(to: ember, scopes: ["tokens:read"])
        #expect(try await create(world.client(), token, key: "k").status == 201)
        #expect(
            try await create(world.client(), made.secret.plainText, key: "k").isProblem(403))
        #expect(try await create(world.client(), nil, key: "k").isProblem(401))
    }

    @Test func rotationTakesNoBodyAndAKey() async throws {
        let (world, ember, _) = try await world()
        let old = try await world.issue(to: ember, scopes: ["tokens:write"])
        let (client, text) = (world.client(), old.secret.plainText)
        let target = "/api/tokens/\(old.token.id)/rotate"
        #expect(
            try await client.send(
                .post, target, token: text, fields: [.contentType: "text/plain"], body: Array("{}".utf8)
            ).isProblem(415))
        #expect(try await client.send(.post, target, token: text, body: Array("{}".utf8)).isProblem(415))
        let first = try await client.send(.post, target, token: text, fields: [.idempotencyKey: "k"])
        #expect(first.status == 201)
        #expect(first["old_expires_at"]?.string == (world.clock.now + .seconds(86_400)).rfc3339)
        let second = try await client.send(.post, target, token: text, fields: [.idempotencyKey: "k"])
        #expect(second.status == 201)
        #expect(second["id"] == first["id"])
        #expect(second["old_expires_at"] == first["old_expires_at"])
        #expect(second["token"] == nil)
        #expect(try await client.send(.post, target, token: text).isProblem(409))
    }

    @Test(arguments: [Fields(), [.contentType: "application/json"], [.contentType: "text/plain"]])
    func emptyBodyOfARotationMeansTheDefaults(fields: Fields) async throws {
        let (world, ember, _) = try await world()
        let old = try await world.issue(to: ember, scopes: ["tokens:write"])
        let answer = try await world.client().send(
            .post, "/api/tokens/\(old.token.id)/rotate", token: old.secret.plainText, fields: fields)
        #expect(answer.status == 201)
        #expect(answer["old_expires_at"]?.string == (world.clock.now + .seconds(86_400)).rfc3339)
    }

    @Test func ofManyRequestsAtOnceOneCreates() async throws {
        let (world, ember, token) = try await world()
        let answers = try await withThrowingTaskGroup(of: TestAnswer.self) { group in
            for _ in 0..<16 {
                group.addTask { try await create(world.client(), token, key: "k") }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(try await count(world, ember) == 2)
        #expect(answers.count { $0["token"] != nil } == 1)
        #expect(answers.allSatisfy { $0.status == 201 || $0.isProblem(409) })
    }
}

/// Endpoints of an embedding program, whose handlers fail in various ways.
@Suite struct CreationTests {
    private struct Unheard: Error {}

    /// The handler's answers, one after the other, and how often it ran.
    private final class Script: Sendable {
        let runs = Mutex(0)
        let answers: [@Sendable () async throws -> Response]

        init(_ answers: [@Sendable () async throws -> Response]) { self.answers = answers }

        func next() async throws -> Response {
            let run = runs.withLock { runs in
                runs += 1
                return runs
            }
            return try await answers[min(run, answers.count) - 1]()
        }
    }

    private func world(
        _ script: Script, hiding secrets: Set<String> = [], isOpen: Bool = false
    ) async throws -> (TestAuthority, String) {
        let operation = APIOperation(
            "make", "Make a thing", in: .service,
            answers: [
                .noContent("Made."),
                .created(
                    .object(.optional("id", .integer(0...9)), .optional("secret", .string)), "Made."),
                .problem(.forbidden, "Not allowed."),
                .problem(.internalServerError, "It broke."), .problem(.serviceUnavailable, "Busy."),
            ])
        let world = try await TestAuthority(addRoutes: { authority, router in
            if isOpen {
                router.post(
                    "/api/things",
                    authority.open(
                        authority.creating(hiding: secrets) { (_, _: Caller?) in try await script.next() }),
                    operation)
            } else {
                router.post(
                    "/api/things",
                    authority.protect(
                        authority.creating(hiding: secrets) { (_, _: Caller) in try await script.next() }),
                    operation)
            }
        })
        return (world, try await world.token(for: try await world.person("ember")))
    }

    private func send(_ world: TestAuthority, _ token: String?, key: String = "k") async throws -> TestAnswer
    {
        try await world.client().send(
            .post, "/api/things", token: token, fields: [.idempotencyKey: key])
    }

    @Test func unknownOutcomeKeepsTheKey() async throws {
        let failures: [@Sendable () async throws -> Response] = [
            { throw StoreError.outcomeUnknown("The connection was lost.") }, { throw Unheard() },
            { throw HTTPError(.serviceUnavailable, "Busy.", fields: [.retryAfter: "1"]) },
            { throw CancellationError() },
        ]
        for failure in failures {
            let script = Script([failure, { Response(.noContent) }])
            let (world, token) = try await world(script)
            #expect([500, 503].contains(try await send(world, token).status))
            let second = try await send(world, token)
            #expect(second.isProblem(409))
            #expect(second.fields[.retryAfter] == "1")
            #expect(script.runs.withLock { $0 } == 1)
            #expect(try await send(world, token, key: "other").status == 204)
        }
    }

    @Test func certainFailureFreesTheKey() async throws {
        let failures: [@Sendable () async throws -> Response] = [
            { throw StoreError(.unavailable, "Nobody answers.") }, { throw HTTPError(.forbidden, "No.") },
            { throw InvalidInput("name", "Too long.") },
        ]
        for failure in failures {
            let script = Script([failure, { Response(.noContent) }])
            let (world, token) = try await world(script)
            #expect([403, 422, 503].contains(try await send(world, token).status))
            #expect(try await send(world, token).status == 204)
            #expect(try await send(world, token).status == 204)
            #expect(script.runs.withLock { $0 } == 2)
        }
    }

    @Test func requestInProgressIsNotRunAgain() async throws {
        let (started, goOn) = (AsyncStream<Void>.makeStream(), AsyncStream<Void>.makeStream())
        let script = Script([
            {
                started.continuation.yield()
                for await _ in goOn.stream { break }
                return .json(.created, fields: [.location: "/things/1"]) { $0.object { $0.member("id", 1) } }
            }
        ])
        let (world, token) = try await world(script)
        async let first = send(world, token)
        for await _ in started.stream { break }
        #expect(try await send(world, token).isProblem(409))
        goOn.continuation.yield()
        #expect(try await first.status == 201)
        let again = try await send(world, token)
        #expect(again.location == "/things/1")
        #expect(again["id"]?.number?.int64 == 1)
    }

    @Test func secretsAreNeverStored() async throws {
        let script = Script([
            {
                .json(.created, fields: [.location: "/things/1"]) { json in
                    json.object { json in
                        json.member("id", 1)
                        json.member("secret", "abracadabra")
                    }
                }
            }
        ])
        let (world, token) = try await world(script, hiding: ["secret"])
        #expect(try await send(world, token)["secret"]?.string == "abracadabra")
        let again = try await send(world, token)
        #expect(again["secret"] == nil)
        #expect(again["id"]?.number?.int64 == 1)
    }

    @Test func withoutCredentialsTheFieldIsNotLookedAt() async throws {
        let script = Script([{ Response(.noContent) }])
        let (world, token) = try await world(script, isOpen: true)
        let key = "8e03978e-40d5-43dd-bc93-6894a57f9324"
        for _ in 0..<2 { #expect(try await send(world, nil, key: key).status == 204) }
        #expect(script.runs.withLock { $0 } == 2)
        for _ in 0..<2 { #expect(try await send(world, token, key: key).status == 204) }
        #expect(script.runs.withLock { $0 } == 3)
        #expect(try await send(world, nil, key: "a b").isProblem(400))
        #expect(script.runs.withLock { $0 } == 3)
    }

    @Test func descriptionNamesTheFieldAndTheAnswers() async throws {
        let (world, _) = try await world(Script([{ Response(.noContent) }]))
        let document = try await world.client().get("/openapi.json").json
        let operation = try #require(
            document.object?["paths"]?.object?["/api/things"]?.object?["post"]?.object)
        let parameter = try #require(operation["parameters"]?.array?.first?.object)
        #expect(parameter["name"]?.string == "Idempotency-Key")
        #expect(parameter["in"]?.string == "header")
        #expect(parameter["required"] == nil)
        for status in ["400", "409", "422"] {
            #expect(operation["responses"]?.object?[status] != nil)
        }
    }
}
