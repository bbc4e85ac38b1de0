import TesseraCore
import TesseraTestKit
import TesseraTime
import Testing

@Suite struct TokenPolicyTests {
    private let now = fixtureInstant
    private let owner = User.make()
    private let day = Duration.seconds(86_400)

    @Test func tokenThatOutlivesThePolicyExceedsIt() {
        let policy = TokenPolicy(longestLifetime: day)
        #expect(!policy.isExceeded(by: .make(owner: owner, expiresAt: now + day), at: now))
        #expect(policy.isExceeded(by: .make(owner: owner, expiresAt: now + day + .milliseconds(1)), at: now))
        #expect(policy.isExceeded(by: .make(owner: owner, expiresAt: nil), at: now))
        #expect(!policy.isExceeded(by: .make(owner: owner, expiresAt: nil, revokedAt: now), at: now))
        #expect(!TokenPolicy().isExceeded(by: .make(owner: owner, expiresAt: nil), at: now))
    }

    @Test func endsSoonFromTheInstantOfTheWarning() {
        let policy = TokenPolicy(expiryWarning: day)
        #expect(policy.endsSoon(.make(owner: owner, expiresAt: now + day), at: now))
        #expect(!policy.endsSoon(.make(owner: owner, expiresAt: now + day + .milliseconds(1)), at: now))
        #expect(!policy.endsSoon(.make(owner: owner, expiresAt: now), at: now))
        #expect(!policy.endsSoon(.make(owner: owner, expiresAt: nil), at: now))
    }

    @Test func renewalIsNeededNearTheEndOfTheSecondHalf() {
        let policy = TokenPolicy(expiryNotice: day)
        let twoDays = Duration.seconds(2 * 86_400)
        func needs(madeBefore age: Duration, endingIn rest: Duration, replacedBy: AccessToken.ID? = nil)
            -> Bool
        {
            let token = AccessToken.make(
                owner: owner, createdAt: now - age, expiresAt: now + rest, replacedBy: replacedBy)
            return policy.needsRenewal(token, at: now)
        }
        #expect(needs(madeBefore: twoDays, endingIn: day))
        #expect(!needs(madeBefore: twoDays, endingIn: day + .milliseconds(1)))
        #expect(!needs(madeBefore: day, endingIn: day))
        #expect(needs(madeBefore: day + .milliseconds(1), endingIn: day))
        #expect(!needs(madeBefore: twoDays, endingIn: .zero))
        #expect(!needs(madeBefore: twoDays, endingIn: day, replacedBy: fixtureIdentifiers.next(at: now)))
        #expect(!policy.needsRenewal(.make(owner: owner, createdAt: now - day, expiresAt: nil), at: now))
        #expect(
            !policy.needsRenewal(
                .make(owner: owner, createdAt: now - twoDays, expiresAt: now + day, suspendedAt: now), at: now
            ))
    }

    @Test func unusedIsCountedFromTheLastUseOrTheMaking() {
        let policy = TokenPolicy(unusedAfter: day)
        let unused = AccessToken.make(owner: owner, createdAt: now - day)
        #expect(policy.isUnused(unused, at: now))
        #expect(!policy.isUnused(unused, at: now - .milliseconds(1)))
        #expect(!policy.isUnused(.make(owner: owner, createdAt: now - day, lastUsedAt: now), at: now))
        #expect(!policy.isUnused(.make(owner: owner, createdAt: now - day, expiresAt: now), at: now))
    }
}
