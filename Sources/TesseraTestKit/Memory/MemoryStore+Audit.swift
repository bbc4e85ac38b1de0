import Synchronization
public import TesseraCore
public import TesseraTime

extension MemoryStore: AuditStore {
    public func events(
        concerning user: User.ID?, before cursor: AuditEvent.ID?, limit: Int
    ) async throws(StoreError) -> [AuditEvent] {
        state.withLock { state in
            let events = state.events.filter { event in
                (user.map { event.user == $0 } ?? true) && (cursor.map { event.id < $0 } ?? true)
            }
            return Array(events.sorted { $0.id > $1.id }.prefix(limit))
        }
    }

    public func lastEvent(
        _ action: AuditEvent.Action, concerning user: User.ID
    ) async throws(StoreError) -> AuditEvent? {
        state.withLock { state in
            state.events.filter { $0.action == action && $0.user == user }.max { $0.id < $1.id }
        }
    }

    public func revocation(of token: AccessToken.ID) async throws(StoreError) -> AuditEvent? {
        state.withLock { state in
            state.events.filter { $0.action == .tokenRevoked && $0.token == token }.max { $0.id < $1.id }
        }
    }

    public func pruneEvents(before: NumericDate, limit: Int) async throws(StoreError) -> Int {
        state.withLock { state in
            let old = Set(state.events.filter { $0.at < before }.prefix(limit).map(\.id))
            state.events.removeAll { old.contains($0.id) }
            return old.count
        }
    }
}
