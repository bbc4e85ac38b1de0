import TesseraCore
import TesseraTestKit
import TesseraTime
import Testing

@Suite struct AccessTokenComparisonTests {
    private static let owner = User.make()
    private static let now = fixtureInstant
    private static let end = now + .seconds(60)

    private static func givesMore(
        _ change: (inout AccessToken) -> Void, to token: AccessToken = .make(owner: owner, expiresAt: end)
    ) -> Bool {
        var changed = token
        change(&changed)
        return changed.givesMore(than: token)
    }

    @Test func laterEndAndNoEndGiveMore() {
        #expect(Self.givesMore { $0.expiresAt = Self.end + .milliseconds(1) })
        #expect(Self.givesMore { $0.expiresAt = nil })
        #expect(!Self.givesMore { $0.expiresAt = Self.end - .milliseconds(1) })
        #expect(!Self.givesMore { $0.expiresAt = Self.end })
        let endless = AccessToken.make(owner: Self.owner, expiresAt: nil)
        #expect(!Self.givesMore({ $0.expiresAt = Self.end }, to: endless))
        #expect(!Self.givesMore({ $0.expiresAt = nil }, to: endless))
    }

    @Test func enablingGivesMore() {
        let disabled = AccessToken.make(owner: Self.owner, suspendedAt: Self.now)
        #expect(Self.givesMore({ $0.suspendedAt = nil }, to: disabled))
        #expect(!Self.givesMore { $0.suspendedAt = Self.now })
        let revoked = AccessToken.make(owner: Self.owner, revokedAt: Self.now)
        #expect(Self.givesMore({ $0.revokedAt = nil }, to: revoked))
        #expect(!Self.givesMore { $0.revokedAt = Self.now })
        let replaced = AccessToken.make(
            owner: Self.owner, replacedBy: AccessToken.make(owner: Self.owner).id)
        #expect(Self.givesMore({ $0.replacedBy = nil }, to: replaced))
    }

    @Test func reductionBesideMoreGivesMore() {
        #expect(
            Self.givesMore {
                $0.suspendedAt = Self.now
                $0.expiresAt = nil
            })
    }

    @Test func anotherScopeGivesMore() {
        let token = AccessToken.make(owner: Self.owner, scope: [.tokensRead])
        let wider = AccessToken.make(
            id: token.id, owner: Self.owner, scope: [.tokensRead, .tokensWrite])
        #expect(wider.givesMore(than: token))
    }

    @Test func namesAndNotesGiveNothing() throws {
        let metadata = try TokenMetadata(["team": "blue"])
        #expect(
            !Self.givesMore {
                $0.name = TokenName("Other")!
                $0.metadata = metadata
                $0.lastUsedAt = Self.now
            })
    }
}
