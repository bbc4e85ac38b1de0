import Synchronization
public import TesseraCore
public import TesseraCrypto
public import TesseraTime

extension MemoryStore: SessionStore {
    public func start(
        _ session: Session, digest: SHA256Digest, proof: SignInProof, audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        state.withLock { state in
            guard state.isProved(proof) else { return false }
            state.sessions[digest] = session
            state.events.append(audit)
            return true
        }
    }

    public func replace(
        _ old: Session.ID, with session: Session, digest: SHA256Digest, proof: SignInProof,
        audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        state.withLock { state in
            guard state.isProved(proof), state.endSessions(where: { $0.id == old }) == 1 else { return false }
            state.sessions[digest] = session
            state.events.append(audit)
            return true
        }
    }

    public func session(
        _ digest: SHA256Digest
    ) async throws(StoreError) -> (session: Session, user: User)? {
        state.withLock { state in
            guard let session = state.sessions[digest], let user = state.users[session.user]?.user else {
                return nil
            }
            return (session, user)
        }
    }

    public func sessions(of user: User.ID, limit: Int) async throws(StoreError) -> [Session] {
        state.withLock { state in
            Array(state.sessions.values.filter { $0.user == user }.sorted { $0.id > $1.id }.prefix(limit))
        }
    }

    public func noteSeen(_ sessions: [Session.ID: NumericDate]) async throws(StoreError) {
        state.withLock { state in
            for (digest, session) in state.sessions {
                guard let seen = sessions[session.id], seen > session.lastSeenAt else { continue }
                state.sessions[digest]?.lastSeenAt = seen
            }
        }
    }

    public func end(
        _ session: Session.ID, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Bool {
        try changing(by: authorization, at: audit.at) { state in
            guard state.endSessions(where: { $0.id == session }) == 1 else { return false }
            state.events.append(audit)
            return true
        }
    }

    public func endSessions(
        of user: User.ID, except kept: Session.ID?, by authorization: Authorization, audit: AuditEvent
    ) async throws(StoreError) -> Int {
        try changing(by: authorization, at: audit.at) { state in
            let count = state.endSessions { $0.user == user && $0.id != kept }
            if count > 0 { state.events.append(audit) }
            return count
        }
    }

    public func pruneSessions(
        expiredBefore: NumericDate, unseenSince: NumericDate, limit: Int
    ) async throws(StoreError) -> Int {
        state.withLock { state in
            state.endSessions(limit: limit) { $0.expiresAt < expiredBefore || $0.lastSeenAt < unseenSince }
        }
    }
}
