import TesseraCore
import TesseraTestKit
import TesseraTime
import Testing

@Suite struct RefusalReportTests {
    @Test(arguments: RefusalCause.allCases, [nil] + RefusalHint.allCases)
    func everyCauseHasSentences(_ cause: RefusalCause, _ hint: RefusalHint?) {
        let explanation = RefusalReport(.make(cause: cause, hint: hint)).explanation()
        #expect(!explanation.title.isEmpty && !explanation.title.hasSuffix("."))
        #expect(explanation.sentence.hasSuffix(".") && explanation.advice.hasSuffix("."))
        #expect(!explanation.sentence.contains("“”"))
    }

    @Test func longDetailIsCutAfterTokensAreLeftOut() throws {
        let token = "tcp_" + String(repeating: "a", count: 64)
        let words = String(repeating: "é ", count: 240)
        // The cut would leave twenty characters of the token.
        let refusal = Refusal.make(cause: .invalidContent, detail: words + token + words)
        let detail = try #require(refusal.detail)
        #expect(detail.unicodeScalars.count == 500)
        #expect(detail.hasPrefix(words + "<redacted>é"))
    }

    @Test func causeOfANewerVersionIsRead() {
        #expect(RefusalCause(stored: "expired") == .expired)
        #expect(RefusalCause(stored: "a-cause-to-come") == .unusableRequest)
    }

    @Test func titlesDistinguishTheCauses() {
        let titles = RefusalCause.allCases.map { RefusalReport(.make(cause: $0)).explanation().title }
        #expect(Set(titles).count == RefusalCause.allCases.count)
    }

    @Test func instantOfAnExpiryIsNamed() {
        let refusal = Refusal.make(
            at: fixtureInstant, cause: .expired, since: fixtureInstant - .seconds(7_300))
        #expect(
            RefusalReport(refusal, token: .make(owner: .make(), name: "Laptop")).explanation().sentence
                == "The token “Laptop” expired at 2025-12-31T21:58:20Z, 2 hours before the request.")
    }

    @Test(arguments: [
        (0, "less than a second"), (1, "1 second"), (119, "119 seconds"), (120, "2 minutes"),
        (7_199, "119 minutes"), (7_200, "2 hours"), (172_799, "47 hours"), (172_800, "2 days"),
    ])
    func timeBeforeTheRequestIsRounded(_ seconds: Int, _ phrase: String) {
        let refusal = Refusal.make(cause: .expired, since: fixtureInstant - .seconds(seconds))
        #expect(RefusalReport(refusal).explanation().sentence.hasSuffix(", \(phrase) before the request."))
    }

    @Test func scopesAreNamed() {
        let refusal = Refusal.make(cause: .insufficientScope, needed: [.tokensWrite], held: [.tokensRead])
        #expect(
            RefusalReport(refusal).explanation().sentence
                == "The request needed “tokens:write”; the token may do “tokens:read”.")
        let bare = Refusal.make(cause: .insufficientScope, needed: [.tokensWrite], held: .empty)
        #expect(RefusalReport(bare).explanation().sentence.contains("may do nothing of that kind"))
    }

    @Test func revokerIsNamedForTheReader() {
        let (owner, stranger) = (User.make(), User.make())
        let (token, other) = (AccessToken.make(owner: owner), AccessToken.make(owner: owner))
        let refusal = Refusal.make(cause: .revoked, token: token.id, owner: owner.id)
        func phrase(_ hand: Actor, for reader: User?) -> String? {
            RefusalReport(refusal, revoker: hand).revokerPhrase(for: reader?.id)
        }
        #expect(phrase(.user(owner.id), for: owner) == "you")
        #expect(phrase(.user(owner.id), for: stranger) == "its owner")
        #expect(phrase(.user(stranger.id), for: stranger) == "you")
        #expect(phrase(.user(stranger.id), for: owner) == "an operator")
        #expect(phrase(.user(owner.id), for: nil) == "its owner")
        #expect(phrase(.token(token.id), for: owner) == "a program with this very token")
        #expect(phrase(.token(other.id), for: owner) == "a program with another token of the same owner")
        #expect(phrase(.commandLine, for: owner) == "an operator at the command line")
        #expect(phrase(.system, for: owner) == "Tessera itself")
        #expect(RefusalReport(refusal).revokerPhrase(for: owner.id) == nil)
    }
}
