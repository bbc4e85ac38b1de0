import TesseraCore
import TesseraTestKit
import Testing

@testable import TesseraServer

@Suite struct ActivitySentenceTests {
    private let ember = User.make(email: "ember@example.org")
    private let keeper = User.make(email: "keeper@example.org")

    private func sentence(
        _ action: AuditEvent.Action, by actor: Actor, subject: String? = nil
    ) -> String {
        ActivitySentence(
            .make(action, by: actor, user: ember.id, subject: subject),
            naming: { [ember.id: "ember", keeper.id: "keeper"][$0] ?? "somebody" }
        ).text
    }

    @Test func operatorReadsWhoDidItToWhom() {
        let (ember, keeper) = (Actor.user(ember.id), Actor.user(keeper.id))
        #expect(sentence(.userAdded, by: ember) == "ember opened their account")
        #expect(
            sentence(.userAdded, by: .commandLine) == "An operator at the command line made ember’s account")
        #expect(sentence(.userDisabled, by: keeper) == "keeper disabled ember’s account")
        #expect(sentence(.passwordChanged, by: ember) == "ember changed their password")
        #expect(sentence(.passwordChanged, by: keeper) == "keeper set ember’s password")
        #expect(sentence(.sessionsEnded, by: keeper) == "keeper ended ember’s sessions")
        #expect(sentence(.signedIn, by: ember) == "ember signed in")
        #expect(sentence(.tokenIssued, by: ember, subject: "Backup") == "ember made the token “Backup”")
        #expect(
            sentence(.tokenRevoked, by: keeper, subject: "Backup")
                == "keeper revoked the token “Backup” of ember")
        #expect(
            sentence(
                .tokenRotated, by: .token(fixtureIdentifiers.next(at: fixtureInstant)), subject: "Backup")
                == "A program with a token of ember rotated the token “Backup”")
        #expect(sentence(.userEnabled, by: .user(User.make().id)) == "somebody enabled ember’s account")
    }

    @Test(arguments: AuditEvent.Action.allCases)
    func personReadsEveryEventInTheSecondPerson(_ action: AuditEvent.Action) {
        let event = AuditEvent.make(action, by: .user(ember.id), user: ember.id, subject: "x")
        let text = ActivitySentence(event, for: ember.id).text
        #expect(text.hasPrefix("You "))
        #expect(!text.contains("their") && !text.contains("’s"))
    }
}
