public import TesseraTime

extension TokenDesk {
    /// A request to change a token, as typed. A property that is `nil` stays as it is.
    public struct Correction: Sendable {
        /// As typed.
        public var name: String?
        /// The new end.
        public var expiry: TokenChange.Expiry?
        /// Disables or enables the token.
        public var isSuspended: Bool?
        /// The new notes.
        public var metadata: TokenMetadata?

        public init(
            name: String? = nil, expiry: TokenChange.Expiry? = nil, isSuspended: Bool? = nil,
            metadata: TokenMetadata? = nil
        ) {
            self.name = name
            self.expiry = expiry
            self.isSuspended = isSuspended
            self.metadata = metadata
        }
    }

    /// The change would give a token more than it has, and its caller may only reduce.
    public struct GivesMore: Error, Sendable {}

    /// Changes a token that is alive. When this returns, the change is durable and holds in this process.
    ///
    /// - Parameters:
    ///   - onlyReducing: Refuses a change that would give the token anything; see
    ///     ``AccessToken/givesMore(than:)``. The store decides that by the state that it changes.
    ///   - limit: The scope that the token may have at most if the change gives it more: that of the token that asks for
    ///     it; `nil` for a person, and for a token that changes itself.
    /// - Returns: The token after the change.
    /// - Throws: ``InvalidInput`` with everything that is wrong with the correction, ``TokenConflict`` for a token that
    ///   is over, ``GivesMore``, ``ScopeExceeded``, ``StoreError``.
    public func change(
        _ token: AccessToken, _ correction: Correction, onlyReducing: Bool = false, limit: Scope? = nil,
        by authorization: Authorization, from address: String? = nil, at now: NumericDate
    ) async throws -> AccessToken {
        var change = try validate(correction, of: token, at: now)
        change.onlyReduces = onlyReducing
        guard change.applied(to: token, at: now) != token else {
            // Nothing to do, but a token that is over must not look as if it could be changed.
            guard token.isAlive(at: now) else { throw try await refusal(of: token, at: now) }
            try await recall(token)
            return token
        }
        return try await apply(
            change, Self.action(of: change), to: token, limit: limit, by: authorization, from: address,
            at: now)
    }

    /// Ends a token that was replaced, before its overlap is over.
    ///
    /// - Returns: The token after that.
    /// - Throws: ``TokenConflict``, ``StoreError``.
    @discardableResult
    public func endOverlap(
        of token: AccessToken, by authorization: Authorization, from address: String? = nil,
        at now: NumericDate
    ) async throws -> AccessToken {
        try await apply(
            TokenChange(expiry: .at(now), onlyReduces: true), .tokenEnded, to: token, limit: nil,
            by: authorization,
            from: address, at: now)
    }

    private func apply(
        _ change: TokenChange, _ action: AuditEvent.Action, to token: AccessToken, limit: Scope?,
        by authorization: Authorization, from address: String?, at now: NumericDate
    ) async throws -> AccessToken {
        let event = AuditEvent(
            identifiers.next(at: now), action, by: authorization.actor, user: token.owner, token: token.id,
            subject: (change.name ?? token.name).text, from: address, at: now)
        switch try await store.change(token.id, change, limit: limit, by: authorization, audit: event) {
        case .changed(let changed, _): return changed
        case .over(let token): throw try await refusal(of: token, at: now)
        case .givesMore: throw GivesMore()
        case .beyondLimit: throw ScopeExceeded.byChange
        case .unknown:
            try await recall(token)
            throw TokenConflict.gone
        }
    }

    private func validate(
        _ correction: Correction, of token: AccessToken, at now: NumericDate
    ) throws(InvalidInput) -> TokenChange {
        var problems: [InvalidInput.Problem] = []
        var change = TokenChange(isSuspended: correction.isSuspended, metadata: correction.metadata)
        if let text = correction.name {
            change.name = TokenName(text)
            if change.name == nil { problems.append(Self.unusableName) }
        }
        if let expiry = correction.expiry {
            change.expiry = expiry
            if let problem = problem(with: expiry.instant, insteadOf: token.expiresAt, at: now) {
                problems.append(problem)
            }
        }
        guard problems.isEmpty else { throw InvalidInput(problems) }
        return change
    }

    /// The problem with a new end; `nil` for none. The policy counts only where the end is put off.
    private func problem(
        with end: NumericDate?, insteadOf current: NumericDate?, at now: NumericDate
    ) -> InvalidInput.Problem? {
        let isPutOff = current.map { current in end.map { $0 > current } ?? true } ?? false
        if isPutOff { return problem(with: end, at: now) }
        guard let end, end <= now || end > Self.lastInstant else { return nil }
        return Self.unusableExpiry
    }

    /// The name of a change: disabling and enabling have their own where nothing else changes.
    private static func action(of change: TokenChange) -> AuditEvent.Action {
        guard change.name == nil, change.expiry == nil, change.metadata == nil else { return .tokenChanged }
        return switch change.isSuspended {
        case true?: .tokenDisabled
        case false?: .tokenEnabled
        case nil: .tokenChanged
        }
    }
}
