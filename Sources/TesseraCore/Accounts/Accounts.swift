public import TesseraCrypto
import TesseraText
public import TesseraTime

/// Adds people, checks their passwords, disables and removes them.
public struct Accounts: Sendable {
    private let users: any UserStore
    private let hasher: PasswordHasher
    private let identifiers: IdentifierSource
    /// The requirements for passwords.
    public let policy: PasswordPolicy

    public init(
        users: any UserStore, hasher: PasswordHasher, identifiers: IdentifierSource,
        policy: PasswordPolicy = PasswordPolicy()
    ) {
        self.users = users
        self.hasher = hasher
        self.identifiers = identifiers
        self.policy = policy
    }

    /// Adds a user with a password.
    ///
    /// - Parameters:
    ///   - email: As typed.
    ///   - username: As typed; `nil` takes what stands before the `@`.
    ///   - password: As typed; all of it counts.
    ///   - authorization: `nil` for the new user themselves.
    ///   - place: The network address from which it was asked for.
    /// - Returns: The new user, with the proof for their first session.
    /// - Throws: ``InvalidInput`` with everything that is wrong with the input, ``StoreError``, `PasswordError`.
    public func add(
        email: String, username: String? = nil, password: String, isOperator: Bool = false,
        by authorization: Authorization?, from place: String? = nil, at now: NumericDate
    ) async throws -> SignInProof {
        let (address, name) = try validate(email: email, username: username, password: password)
        let hash = try await hasher.hash(Secret(utf8: password))
        let user = User(
            id: identifiers.next(at: now), email: address, username: name, isOperator: isOperator,
            createdAt: now)
        let authorization = authorization ?? .user(user.id)
        let event = AuditEvent(
            identifiers.next(at: now), .userAdded, by: authorization.actor, user: user.id, from: place,
            at: now)
        let proof = try await users.add(user, passwordHash: hash, by: authorization, audit: event)
        guard let proof else {
            throw InvalidInput("email", "There is an account with this e-mail address already.")
        }
        return proof
    }

    /// Validates the input for a new account.
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

    /// The number of times that a password is verified when the account changes meanwhile.
    private static let attempts = 3

    /// Checks an address and a password.
    ///
    /// Unknown account, wrong password and disabled account cost the same work and give the same answer (OWASP ASVS 6.3.8).
    ///
    /// - Returns: The user and the state of the account that was proved; `nil` for a wrong password.
    /// - Throws: ``StoreError``, `PasswordError` when too many are waiting.
    public func authenticate(
        email: String, password: String, at now: NumericDate
    ) async throws -> SignInProof? {
        let secret = Secret(utf8: password)
        for _ in 0..<Self.attempts {
            guard password.utf8.count <= policy.maximumBytes, let address = EmailAddress(of: email),
                let proof = try await users.userForLogin(address)
            else {
                try await hasher.verifyAgainstNothing(secret)
                return nil
            }
            guard try await hasher.verify(secret, against: proof.passwordHash), proof.user.isActive else {
                return nil
            }
            guard hasher.needsRehash(proof.passwordHash) else { return proof }
            // The parameters have changed since this password was set; only now is the plain text at hand.
            let renewed = try await hasher.hash(secret)
            if let proof = try await users.rehash(proof, to: renewed) { return proof }
            // The account has changed since it was read: the password may be another by now.
        }
        return nil
    }

    /// Checks an address and a password, and makes the change that rests on them. When the account has changed between the
    /// two, the password is checked anew.
    ///
    /// - Parameter use: Makes the change if the account is still in the state of the proof; `nil` when it is not.
    /// - Returns: The result of `use`; `nil` for a wrong password, or one that has become wrong.
    /// - Throws: ``StoreError``, `PasswordError` when too many are waiting, and what `use` throws.
    public func authenticate<Result>(
        email: String, password: String, at now: NumericDate, for use: (SignInProof) async throws -> Result?
    ) async throws -> Result? {
        for _ in 0..<Self.attempts {
            guard let proof = try await authenticate(email: email, password: password, at: now) else {
                return nil
            }
            if let result = try await use(proof) { return result }
        }
        return nil
    }

    /// Sets a password, ends sessions and, if wanted, revokes the user's tokens: all of it or nothing.
    ///
    /// When this returns, no token that was revoked is accepted by this process.
    ///
    /// - Parameters:
    ///   - password: As typed; all of it counts.
    ///   - proof: The proof of the old password; `nil` where none was asked for.
    ///   - ended: Which sessions end.
    ///   - revokesTokens: Revokes every access token of the user as well.
    ///   - address: The network address from which the change was requested.
    /// - Returns: The result; `nil`, and nothing changed, when the user is gone or the proof no longer holds.
    /// - Throws: ``InvalidInput`` for what is wrong with the password, ``StoreError``, `PasswordError`.
    public func setPassword(
        _ password: String, of user: User, insteadOf proof: SignInProof? = nil,
        ending ended: PasswordChange.Sessions = .all,
        revokingTokens revokesTokens: Bool = false, by authorization: Authorization,
        from address: String? = nil, at now: NumericDate
    ) async throws -> PasswordChange.Outcome? {
        if let violation = policy.violation(in: password, of: user.email, username: user.username) {
            throw InvalidInput("password", violation)
        }
        let hash = try await hasher.hash(Secret(utf8: password))
        let event = AuditEvent(
            identifiers.next(at: now), .passwordChanged, by: authorization.actor, user: user.id,
            from: address, at: now)
        let revocation = AuditEvent(
            identifiers.next(at: now), .tokenRevoked, by: authorization.actor, user: user.id, from: address,
            at: now)
        let change = PasswordChange(
            user: user.id, hash: hash, proof: proof, endedSessions: ended, audit: event,
            revocation: revokesTokens ? revocation : nil)
        return try await users.changePassword(change, by: authorization)
    }

    /// Disables or enables an account. When this returns, no token of a disabled account is accepted by this process.
    ///
    /// - Parameter place: The network address from which it was asked for.
    /// - Returns: `false` when there is no such user.
    public func setDisabled(
        _ isDisabled: Bool, user: User.ID, by authorization: Authorization, from place: String? = nil,
        at now: NumericDate
    ) async throws(StoreError) -> Bool {
        let event = AuditEvent(
            identifiers.next(at: now), isDisabled ? .userDisabled : .userEnabled, by: authorization.actor,
            user: user,
            from: place, at: now)
        return try await users.setDisabled(isDisabled, user: user, by: authorization, audit: event)
    }

    /// Writes a user's name, address and role. An address that is given up is kept for the account a while
    /// (``FreedAddress``), and the event names it.
    ///
    /// - Parameter place: The network address from which it was asked for.
    /// - Returns: `false` when the user is gone, the address is taken, or too many are kept for the account.
    public func update(
        _ user: User, by authorization: Authorization, from place: String? = nil, at now: NumericDate
    ) async throws(StoreError) -> Bool {
        let event = AuditEvent(
            identifiers.next(at: now), .userChanged, by: authorization.actor, user: user.id, from: place,
            at: now)
        return try await users.update(user, by: authorization, audit: event)
    }

    /// Removes a user with all that is theirs.
    ///
    /// - Returns: `false` when there is no such user.
    public func remove(
        _ user: User.ID, by authorization: Authorization, at now: NumericDate
    ) async throws(StoreError) -> Bool {
        let event = AuditEvent(
            identifiers.next(at: now), .userRemoved, by: authorization.actor, user: user, at: now)
        return try await users.remove(user, by: authorization, audit: event)
    }
}
