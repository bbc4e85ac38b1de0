import TesseraText
public import TesseraTime

/// A record of a change: the action, its actor, and the account and the token concerned. Operators and that person can read it.
public struct AuditEvent: Sendable, Hashable, Identifiable {
    public typealias ID = Identifier<AuditEvent>

    /// The kind of a change, as it is stored.
    public enum Action: String, Sendable, CaseIterable {
        case userAdded = "user.added"
        case userChanged = "user.changed"
        case userDisabled = "user.disabled"
        case userEnabled = "user.enabled"
        case userRemoved = "user.removed"
        case passwordChanged = "password.changed"
        case signedIn = "session.started"
        case signedOut = "session.ended"
        case sessionConfirmed = "session.confirmed"
        case sessionsEnded = "sessions.ended"
        case tokenIssued = "token.issued"
        case tokenRevoked = "token.revoked"
        case tokenRotated = "token.rotated"
        case tokenChanged = "token.changed"
        case tokenDisabled = "token.disabled"
        case tokenEnabled = "token.enabled"
        /// The overlap of a token that was replaced ended before its time.
        case tokenEnded = "token.ended"
        case scopeAdded = "scope.added"
        case scopeRemoved = "scope.removed"
    }

    public let id: ID
    /// The instant of the change.
    public let at: NumericDate
    /// The kind of the change.
    public let action: Action
    /// The party that made the change.
    public let actor: Actor
    /// The account concerned.
    public let user: User.ID?
    /// The token concerned.
    public let token: AccessToken.ID?
    /// A text that identifies the thing concerned, such as the name of a scope. Never a secret.
    public let subject: String?
    /// The network address from which the change was requested; `nil` for a change that did not come over the network.
    public let address: String?

    /// Makes an event; texts are shortened to their limits.
    public init(
        _ id: ID, _ action: Action, by actor: Actor, user: User.ID? = nil, token: AccessToken.ID? = nil,
        subject: String? = nil, from address: String? = nil, at: NumericDate
    ) {
        self.id = id
        self.at = at
        self.action = action
        self.actor = actor
        self.user = user
        self.token = token
        self.subject = subject.map(TextLimit.subject.cut)
        self.address = address.map { Redaction.excerpt(of: $0, within: .address) }
    }

    /// The event of one of many tokens that a change concerns.
    ///
    /// - Parameter number: Which of the events of that change it is, from 0 on: their identifiers follow one upon the
    ///   other, from this one's on. So the store can write them all without asking for identifiers one by one.
    public func telling(of token: AccessToken.ID, named name: TokenName, number: Int) -> AuditEvent {
        AuditEvent(
            id.followed(by: number), action, by: actor, user: user, token: token, subject: name.text,
            from: address, at: at)
    }
}

extension AuditEvent {
    /// The event of a change that gives an account another address: the subject is both addresses, separated by a space, which no
    /// address contains.
    public func telling(ofAddressFrom old: EmailAddress, to new: EmailAddress) -> AuditEvent {
        AuditEvent(
            id, action, by: actor, user: user, token: token, subject: "\(old) \(new)", from: address, at: at)
    }

    /// The addresses before and after a change of the account; `nil` where the address stayed.
    public var changedAddresses: (old: String, new: String)? {
        guard action == .userChanged, let parts = subject?.split(separator: " "), parts.count == 2 else {
            return nil
        }
        return (String(parts[0]), String(parts[1]))
    }
}

/// The party that made a change.
public enum Actor: Sendable, Hashable {
    /// A person in a web session.
    case user(User.ID)
    /// A program with this token.
    case token(AccessToken.ID)
    /// An application that has authenticated itself.
    case client(Client.ID)
    /// An operator at the command line.
    case commandLine
    /// Tessera itself.
    case system

    /// The form at rest: a word, and behind `:` the identifier if there is one.
    public var text: String {
        switch self {
        case .user(let id): "user:\(id)"
        case .token(let id): "token:\(id)"
        case .client(let id): "client:\(id)"
        case .commandLine: "command-line"
        case .system: "system"
        }
    }

    /// Reads the form at rest; `nil` for a text that has another form.
    public init?(text: String) {
        if text == "command-line" {
            self = .commandLine
        } else if text == "system" {
            self = .system
        } else if text.hasPrefix("user:"), let id = User.ID(String(text.dropFirst(5))) {
            self = .user(id)
        } else if text.hasPrefix("token:"), let id = AccessToken.ID(String(text.dropFirst(6))) {
            self = .token(id)
        } else if text.hasPrefix("client:"), let id = Client.ID(String(text.dropFirst(7))) {
            self = .client(id)
        } else {
            return nil
        }
    }
}
