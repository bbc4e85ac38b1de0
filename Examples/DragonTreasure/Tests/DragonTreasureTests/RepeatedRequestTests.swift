import Tessera
import TesseraTestKit
import Testing

@Suite struct RepeatedRequestTests {
    @Test func treasureIsCreatedOnceForAKey() async throws {
        let world = try await World()
        let token = try await world.token(of: world.ember, "treasure:create")
        func create(_ body: String = CreateTreasureTests.ring, key: String = "k") async throws -> TestAnswer {
            try await world.send(
                .post, "/api/treasures", token: token, body, fields: ["Idempotency-Key": key])
        }
        let first = try await create()
        let second = try await create()
        #expect(first.status == 201)
        #expect(second.status == 201)
        #expect(second.location == first.location)
        #expect(second.bytes == first.bytes)
        #expect(try await create(#"{"name":"Other","description":"x"}"#).isProblem(422))
        #expect(try await create(key: "other").location != first.location)
        let ash = try await world.token(of: world.ash, "treasure:create")
        let others = try await world.send(
            .post, "/api/treasures", token: ash, CreateTreasureTests.ring,
            fields: ["Idempotency-Key": "k"])
        #expect(others.location != first.location)
    }

    @Test func accountIsMadeOnceForAKeyOfAKnownCaller() async throws {
        let world = try await World()
        let token = try await world.token(of: world.keeper)
        let body = #"{"email":"cinder@example.com","username":"cinder","password":"behind the waterfall"}"#
        func register(_ token: String?) async throws -> TestAnswer {
            try await world.send(
                .post, "/api/users", token: token, body,
                fields: ["Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"])
        }
        let first = try await register(token)
        #expect(first.status == 201)
        #expect(try await register(token).bytes == first.bytes)
        // A stranger learns no more than by any other request.
        #expect(try await register(nil).isProblem(422))
    }
}
