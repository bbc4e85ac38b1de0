import TesseraCore
import TesseraServer
import TesseraTestKit
import TesseraTime
import Testing

/// Every count of tokens that a page shows is that of the list to which it leads.
@Suite struct TokenCountsTests {
    private struct World {
        let kit: TestAuthority
        let ember: User
        let browser: TestClient

        /// - Parameter rounds: How many tokens there are of each kind.
        init(rounds: Int) async throws {
            kit = try await TestAuthority {
                $0.tokenPolicy.tokensPerUser = nil
                $0.tokenPolicy.longestLifetime = .seconds(400 * 86_400)
            }
            ember = try await kit.person("ember")
            browser = try await kit.browser(of: ember)
            let now = kit.clock.now
            func days(_ number: Int) -> NumericDate { now + .seconds(number * 86_400) }
            for _ in 0..<rounds {
                for token in [
                    AccessToken.make(owner: ember, createdAt: now, expiresAt: days(6)),
                    .make(owner: ember, createdAt: days(-40), expiresAt: days(20)),
                    .make(owner: ember, createdAt: days(-91), expiresAt: days(300)),
                    .make(owner: ember, createdAt: now, expiresAt: nil),
                    .make(owner: ember, createdAt: now, expiresAt: days(6), suspendedAt: now),
                    .make(owner: ember, createdAt: days(-40), expiresAt: now),
                    .make(owner: ember, createdAt: days(-40), expiresAt: days(20), revokedAt: now),
                    .make(
                        owner: ember, createdAt: now, expiresAt: days(1),
                        replacedBy: AccessToken.make(owner: ember).id),
                ] {
                    #expect(try await kit.authority.store.insert(token, digest: .make(), audit: nil))
                }
            }
        }

        /// How many rows all pages of a list have.
        func rows(_ path: String, in browser: TestClient? = nil) async throws -> Int {
            var next = path
            var count = 0
            while true {
                let page = try await (browser ?? self.browser).get(next).text
                count += page.matches(of: /id="token-/).count
                guard let link = page.firstMatch(of: /rel="next" href="([^"]+)"/)?.1 else { return count }
                next = String(path.prefix { $0 != "?" }) + String(link).replacing("&amp;", with: "&")
            }
        }

        /// The number in a link to this address.
        func number(_ page: String, linked address: String) throws -> Int {
            let start = try #require(page.firstRange(of: "href=\"\(address)\"")?.upperBound)
            return try #require(Int(page[start...].drop { !$0.isNumber }.prefix { $0.isNumber }))
        }
    }

    @Test(arguments: [1, 3, 140])
    func countsAreThoseOfTheirLists(rounds: Int) async throws {
        let world = try await World(rounds: rounds)
        let expected = ["active": 5, "expiring": 2, "disabled": 1, "unused": 1, "exceeding": 1]
            .mapValues { $0 * rounds }
        for (group, count) in expected {
            #expect(try await world.rows("/settings/tokens?show=\(group)") == count, "\(group)")
        }
        let overview = try await world.browser.get("/").text
        // One of a group is told in words.
        for group in ["active", "expiring", "disabled"] where expected[group] != 1 {
            let address = "/settings/tokens?show=\(group)"
            #expect(try world.number(overview, linked: address) == expected[group], "\(group)")
        }
        let list = try await world.browser.get("/settings/tokens").text
        for group in ["expiring", "unused", "exceeding"] {
            let address = "/settings/tokens?show=\(group)"
            #expect(try world.number(list, linked: address) == expected[group], "\(group)")
        }
        #expect(
            try await world.browser.get("/settings/security").text.contains("\(5 * rounds) can be used."))
        let password = try await world.browser.get("/settings/password").text
        #expect(password.contains("\(6 * rounds) tokens would stop if revoked:"))
        let all = try await world.browser.get("/settings/tokens/revoke-all").text
        #expect(all.contains("\(6 * rounds) tokens will stop working"))
    }

    @Test func operatorsCountTheSame() async throws {
        let world = try await World(rounds: 9)
        let keeper = try await world.kit.browser(of: try await world.kit.person("keeper", isOperator: true))
        let path = "/admin/users/\(world.ember.id)"
        let page = try await keeper.get(path).text
        #expect(try world.number(page, linked: "\(path)/tokens") == 45)
        #expect(try await world.rows("\(path)/tokens", in: keeper) == 45)
        #expect(
            try await keeper.get("\(path)/tokens").text.contains("45 tokens of this account can be used."))
        #expect(try await keeper.get("\(path)/disable").text.contains("45 tokens stop until"))
        #expect(try await keeper.get("\(path)/revoke-tokens").text.contains("54 tokens stop for ever"))
        #expect(try await world.browser.get("\(path)/tokens").status == 404)
    }

    @Test func chipsAreThoseOfTheGroup() async throws {
        let world = try await World(rounds: 2)
        let page = try await world.browser.get("/settings/tokens").text
        #expect(page.matches(of: /Expires soon/).count == 4)
    }
}
