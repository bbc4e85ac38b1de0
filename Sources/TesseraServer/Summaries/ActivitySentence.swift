import TesseraCore
import TesseraHosting

/// An audit event as a sentence.
struct ActivitySentence {
    let text: String

    /// The sentence for the person whom the event concerns.
    init(_ event: AuditEvent, for reader: User.ID) {
        let who =
            switch event.actor {
            case .user(reader): "You"
            case .user, .commandLine: "An operator"
            case .token: "A program with one of your tokens"
            case .client: "An application"
            case .system: "Tessera"
            }
        text = Self.text(event, isOwn: event.actor == .user(reader), who: who, whose: "your", ofWhom: "")
    }

    /// The sentence for an operator; `name` gives the name of a user.
    init(_ event: AuditEvent, naming name: (User.ID) -> String) {
        let concerned = event.user.map(name) ?? "nobody"
        let isOwn = event.user.map { event.actor == .user($0) } ?? false
        let isOwnProgram = if case .token = event.actor { true } else { false }
        let who =
            switch event.actor {
            case .user(let id): name(id)
            case .commandLine: "An operator at the command line"
            case .token: "A program with a token of \(concerned)"
            case .client: "An application"
            case .system: "Tessera"
            }
        text = Self.text(
            event, isOwn: isOwn, who: who, whose: isOwn ? "their" : "\(concerned)’s",
            ofWhom: isOwn || isOwnProgram ? "" : " of \(concerned)")
    }

    /// - Parameters:
    ///   - isOwn: Indicates that the account's own person did it.
    ///   - who: The actor, at the beginning of the sentence.
    ///   - whose: The owner of the account, in front of a noun.
    ///   - owner: The owner of the account, behind a noun; empty where that goes without saying.
    private static func text(
        _ event: AuditEvent, isOwn: Bool, who: String, whose: String, ofWhom owner: String
    ) -> String {
        let thing = event.subject.map { "“\($0)”" } ?? "without a name"
        return switch event.action {
        case .userAdded: isOwn ? "\(who) opened \(whose) account" : "\(who) made \(whose) account"
        case .userChanged:
            event.changedAddresses.map {
                "\(who) changed \(whose) e-mail address from \($0.old) to \($0.new)"
            } ?? "\(who) changed \(whose) name or role"
        case .userDisabled: "\(who) disabled \(whose) account"
        case .userEnabled: "\(who) enabled \(whose) account"
        case .userRemoved: "\(who) removed \(whose) account"
        case .passwordChanged: isOwn ? "\(who) changed \(whose) password" : "\(who) set \(whose) password"
        case .signedIn: "\(who) signed in"
        case .signedOut:
            event.subject.map { "\(who) ended the session of \($0)\(owner)" } ?? "\(who) signed out"
        case .sessionConfirmed: "\(who) gave \(whose) password again, before something sensitive"
        case .sessionsEnded: isOwn ? "\(who) signed out everywhere else" : "\(who) ended \(whose) sessions"
        case .tokenIssued: "\(who) made the token \(thing)\(owner)"
        case .tokenRevoked: "\(who) revoked the token \(thing)\(owner)"
        case .tokenRotated: "\(who) rotated the token \(thing)\(owner)"
        case .tokenChanged: "\(who) changed the token \(thing)\(owner)"
        case .tokenDisabled: "\(who) disabled the token \(thing)\(owner)"
        case .tokenEnabled: "\(who) enabled the token \(thing)\(owner)"
        case .tokenEnded where event.actor == .system:
            "\(who) ended the rotated token \(thing)\(owner), which nothing used any more"
        case .tokenEnded: "\(who) ended the rotated token \(thing)\(owner)"
        case .scopeAdded: "\(who) added the scope \(thing)"
        case .scopeRemoved: "\(who) removed the scope \(thing)"
        }
    }
}
