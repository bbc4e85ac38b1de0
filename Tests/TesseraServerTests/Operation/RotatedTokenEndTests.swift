import TesseraCore
import TesseraTestKit
import Testing

@testable import TesseraServer

@Suite struct RotatedTokenEndTests {
    /// A person's token that was rotated, where the new one is in use.
    private func rotated() async throws -> (
        kit: TestAuthority, owner: User, old: IssuedToken
    ) {
        let kit = try await TestAuthority { $0.tokenPolicy.tokensPerUser = nil }
        let owner = try await kit.person("ember")
        let old = try await kit.issue(to: owner, name: "Nightly build")
        let rotation = try await kit.authority.tokens.rotate(
            old.token, by: .user(owner.id), at: kit.clock.now)
        #expect(
            try await kit.client().get("/api/me", token: rotation.issued.secret.plainText).status == 200)
        try await kit.run(.writeUses)
        return (kit, owner, old)
    }

    @Test func tokenThatNothingUsesEndsAndItsOwnerIsTold() async throws {
        let (kit, owner, old) = try await rotated()
        try await kit.run(.endRotatedTokens)
        #expect(try await kit.client().get("/api/me", token: old.secret.plainText).status == 200)
        try await kit.run(.writeUses)
        kit.clock.advance(by: .seconds(12 * 3_600))
        try await kit.run(.endRotatedTokens)
        #expect(try await kit.client().get("/api/me", token: old.secret.plainText).status == 401)
        let activity = try await kit.browser(of: owner).get("/settings/activity").text
        #expect(
            activity.contains(
                "Tessera ended the rotated token “Nightly build”, which nothing used any more"))
    }

    @Test func nothingEndsWhileLastUsesWait() async throws {
        let (kit, owner, old) = try await rotated()
        kit.clock.advance(by: .seconds(13 * 3_600))
        for _ in 0..<251 {
            let token = try await kit.token(for: owner)
            #expect(try await kit.client().get("/api/me", token: token).status == 200)
        }
        try await kit.run(.endRotatedTokens)
        #expect(try await kit.authority.store.token(old.token.id)?.isAlive(at: kit.clock.now) == true)
        try await kit.run(.writeUses)
        try await kit.run(.endRotatedTokens)
        #expect(try await kit.authority.store.token(old.token.id)?.isAlive(at: kit.clock.now) == false)
    }
}
