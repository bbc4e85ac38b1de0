import TesseraCore

/// What an audit event tells, in plain words, to the person whom it concerns.
struct ActivitySentence {
    let text: String

    /// - Parameter reader: Who reads it.
    init(_ event: AuditEvent, for reader: User.ID) {
        let who =
            switch event.actor {
            case .user(reader): "You"
            case .user, .commandLine: "An operator"
            case .token: "A program with one of your tokens"
            case .system: "Tessera"
            }
        let isOwn = event.actor == .user(reader)
        let thing = event.subject.map { "“\($0)”" }
        text =
            switch event.action {
            case .userAdded: isOwn ? "You opened your account" : "\(who) made your account"
            case .userChanged: "\(who) changed your name, e-mail address or role"
            case .userDisabled: "\(who) disabled your account"
            case .userEnabled: "\(who) enabled your account"
            case .userRemoved: "\(who) removed your account"
            case .passwordChanged: isOwn ? "You changed your password" : "\(who) set your password"
            case .signedIn: "\(who) signed in"
            case .signedOut: event.subject.map { "\(who) ended the session of \($0)" } ?? "\(who) signed out"
            case .sessionsEnded: isOwn ? "You signed out everywhere else" : "\(who) ended your sessions"
            case .tokenIssued: "\(who) made the token \(thing ?? "without a name")"
            case .tokenRevoked: "\(who) revoked the token \(thing ?? "without a name")"
            case .tokenRotated: "\(who) rotated the token \(thing ?? "without a name")"
            case .tokenChanged: "\(who) changed the token \(thing ?? "without a name")"
            case .tokenDisabled: "\(who) disabled the token \(thing ?? "without a name")"
            case .tokenEnabled: "\(who) enabled the token \(thing ?? "without a name")"
            case .tokenEnded where event.actor == .system:
                "\(who) ended the rotated token \(thing ?? "without a name"), which nothing used any more"
            case .tokenEnded: "\(who) ended the rotated token \(thing ?? "without a name")"
            case .scopeAdded: "\(who) added the scope \(thing ?? "without a name")"
            case .scopeRemoved: "\(who) removed the scope \(thing ?? "without a name")"
            }
    }
}
