import TesseraCore

extension SessionDesk {
    /// The person's live sessions: that of this browser first, then the newest.
    func summaries(for person: SignedInVisitor) async throws(StoreError) -> [SessionSummary] {
        let live = try await live(of: person.user.id, at: person.now).map { $0.summary(for: person) }
        return live.filter(\.isThisBrowser) + live.filter { !$0.isThisBrowser }
    }

    /// The live sessions of an account, for an operator.
    func summaries(
        of user: User, for person: SignedInVisitor
    ) async throws(StoreError) -> [SessionSummary] {
        try await live(of: user.id, at: person.now).map { $0.summary(for: person) }
    }
}

extension Session {
    /// The session as pages show it.
    func summary(for reader: SignedInVisitor) -> SessionSummary {
        SessionSummary(
            id: id.description, device: DeviceName(userAgent: userAgent).text, address: address,
            started: startedAt, lastSeen: lastSeenAt, isThisBrowser: id == reader.session.id)
    }
}
