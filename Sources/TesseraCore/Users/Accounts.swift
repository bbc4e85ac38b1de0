public import TesseraCrypto
public import TesseraJOSE
import TesseraText

/// Adds people, checks their passwords, disables and removes them.
public struct Accounts: Sendable {
    private let users: any UserStore
    private let hasher: PasswordHasher
    private let identifiers: IdentifierSource
    private let cache: TokenCache
    public let policy: PasswordPolicy

    public init(
        users: any UserStore, hasher: PasswordHasher, identifiers: IdentifierSource, cache: TokenCache,
        policy: PasswordPolicy = PasswordPolicy()
    ) {
        self.users = users
        self.hasher = hasher
        self.identifiers = identifiers
        self.cache = cache
        self.policy = policy
    }

    /// Adds a user with a password.
    ///
    /// - Parameters:
    ///   - email: As typed.
    ///   - username: As typed; `nil` takes what stands before the `@`.
    ///   - password: As typed; all of it counts.
    ///   - actor: Who does it; `nil` for the new user themselves.
    ///   - place: The network address from which it was asked for.
    /// - Throws: ``InvalidInput`` with everything that is wrong with the input, ``StoreError``, `PasswordError`.
    public func add(
        email: String, username: String? = nil, password: String, isOperator: Bool = false, by actor: Actor?,
        from place: String? = nil, at now: NumericDate
    ) async throws -> User {
        let (address, name) = try validate(email: email, username: username, password: password)
        let hash = try await hasher.hash(Secret(utf8: password))
        let user = User(
            id: identifiers.next(at: now), email: address, username: name, isOperator: isOperator,
            createdAt: now)
        let event = AuditEvent(
            identifiers.next(at: now), .userAdded, by: actor ?? .user(user.id), user: user.id, from: place,
            at: now)
        guard try await users.add(user, passwordHash: hash, audit: event) else {
            throw InvalidInput("email", "There is an account with this e-mail address already.")
        }
        return user
    }

    /// What an account can be made of.
    ///
    /// - Throws: ``InvalidInput`` with everything that is wrong.
    public func validate(
        email: String, username: String?, password: String
    ) throws(InvalidInput) -> (email: EmailAddress, username: String) {
        var problems: [InvalidInput.Problem] = []
        let address = EmailAddress(email)
        if address == nil { problems.append(.init(path: "email", message: Self.noAddress(email))) }
        let typedName = username ?? Self.localPart(of: address?.text ?? email)
        let name = Self.username(typedName)
        // A name that was taken from an address is as wrong as that.
        if name == nil, username != nil || address != nil {
            problems.append(.init(path: "username", message: "Use 1 to 50 printable characters."))
        }
        if let violation = policy.violation(in: password, of: address, username: name ?? typedName) {
            problems.append(.init(path: "password", message: violation))
        }
        guard let address, let name, problems.isEmpty else { throw InvalidInput(problems) }
        return (address, name)
    }

    /// The name of a person in the form in which it is kept; `nil` when the text cannot be one.
    ///
    /// A name has 1–50 Unicode scalars and keeps the rule of `NameText`.
    public static func username(_ typed: String) -> String? { NameText(typed, limit: nameLimit)?.text }

    private static let nameLimit = TextLimit(1...50)

    /// The beginning of an address, which stands for a name that was not given.
    private static func localPart(of address: String) -> String {
        nameLimit.cut(String(address.unicodeScalars.prefix { $0 != "@" }))
    }

    private static func noAddress(_ typed: String) -> String {
        if UnicodeLibrary.shared == nil, !typed.utf8.allSatisfy({ $0 < 0x80 }) {
            return "This server accepts ASCII addresses alone, because the library libidn2 is not installed."
        }
        return "This is not an e-mail address."
    }

    /// Checks an address and a password.
    ///
    /// Unknown account, wrong password and disabled account cost the same work and give the same answer (N210).
    ///
    /// - Returns: The user, or `nil`.
    /// - Throws: ``StoreError``, `PasswordError` when too many are waiting.
    public func authenticate(email: String, password: String, at now: NumericDate) async throws -> User? {
        let secret = Secret(utf8: password)
        guard password.utf8.count <= policy.maximumBytes, let address = EmailAddress(of: email),
            let (user, hash) = try await users.userForLogin(address)
        else {
            try await hasher.verifyAgainstNothing(secret)
            return nil
        }
        guard try await hasher.verify(secret, against: hash), user.isActive else { return nil }
        if hasher.needsRehash(hash) {
            // The parameters have changed since this password was set; only now is the plain text at hand.
            let renewed = try await hasher.hash(secret)
            _ = try await users.setPasswordHash(renewed, of: user.id, audit: nil)
        }
        return user
    }

    /// Sets a password, ends sessions and, if wanted, revokes the user's tokens: all of it or nothing.
    ///
    /// When this returns, no token that was revoked is accepted by this process.
    ///
    /// - Parameters:
    ///   - password: As typed; all of it counts.
    ///   - ended: Which sessions end.
    ///   - revokesTokens: Whether every access token of the user ends too.
    ///   - address: Where it was asked for.
    /// - Throws: ``InvalidInput`` for what is wrong with the password or when the user is gone, ``StoreError``,
    ///   `PasswordError`.
    public func setPassword(
        _ password: String, of user: User, ending ended: PasswordChange.Sessions = .all,
        revokingTokens revokesTokens: Bool = false, by actor: Actor, from address: String? = nil,
        at now: NumericDate
    ) async throws -> PasswordChange.Outcome {
        if let violation = policy.violation(in: password, of: user.email, username: user.username) {
            throw InvalidInput("password", violation)
        }
        let hash = try await hasher.hash(Secret(utf8: password))
        let event = AuditEvent(
            identifiers.next(at: now), .passwordChanged, by: actor, user: user.id, from: address, at: now)
        let revocation = AuditEvent(
            identifiers.next(at: now), .tokenRevoked, by: actor, user: user.id, from: address, at: now)
        let change = PasswordChange(
            user: user.id, hash: hash, endedSessions: ended, audit: event,
            revocation: revokesTokens ? revocation : nil)
        // Also when the store fails: then it is not known what it did.
        defer { if revokesTokens { cache.remove(owner: user.id) } }
        guard let outcome = try await users.changePassword(change) else {
            throw InvalidInput("password", "The account is gone.")
        }
        return outcome
    }

    /// Disables or enables an account. When this returns, no token of a disabled account is accepted by this process.
    ///
    /// - Parameter place: The network address from which it was asked for.
    /// - Returns: `false` when there is no such user.
    public func setDisabled(
        _ isDisabled: Bool, user: User.ID, by actor: Actor, from place: String? = nil, at now: NumericDate
    ) async throws(StoreError) -> Bool {
        let event = AuditEvent(
            identifiers.next(at: now), isDisabled ? .userDisabled : .userEnabled, by: actor, user: user,
            from: place, at: now)
        defer { cache.remove(owner: user) }
        return try await users.setDisabled(isDisabled, user: user, audit: event)
    }

    /// Writes a user's name, address and role.
    ///
    /// - Returns: `false` when the user is gone or the address is taken.
    public func update(_ user: User, by actor: Actor, at now: NumericDate) async throws(StoreError) -> Bool {
        let event = AuditEvent(identifiers.next(at: now), .userChanged, by: actor, user: user.id, at: now)
        defer { cache.remove(owner: user.id) }
        return try await users.update(user, audit: event)
    }

    /// Removes a user with all that is theirs.
    ///
    /// - Returns: `false` when there is no such user.
    public func remove(_ user: User.ID, by actor: Actor, at now: NumericDate) async throws(StoreError) -> Bool
    {
        let event = AuditEvent(identifiers.next(at: now), .userRemoved, by: actor, user: user, at: now)
        defer { cache.remove(owner: user) }
        return try await users.remove(user, audit: event)
    }
}
