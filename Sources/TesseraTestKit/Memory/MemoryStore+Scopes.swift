import Synchronization
public import TesseraCore

extension MemoryStore: ScopeStore {
    public func scopes() async throws(StoreError) -> [ScopeDefinition] {
        state.withLock { state in state.scopes.values.sorted { $0.name < $1.name } }
    }

    public func put(_ scope: ScopeDefinition, audit: AuditEvent) async throws(StoreError) {
        defer { observers.tell(.scopes) }
        state.withLock { state in
            state.scopes[scope.name] = scope
            state.events.append(audit)
        }
    }

    public func removeScope(_ name: ScopeToken, audit: AuditEvent) async throws(StoreError) -> Bool {
        defer { observers.tell(.scopes) }
        return state.withLock { state in
            guard state.scopes.removeValue(forKey: name) != nil else { return false }
            state.events.append(audit)
            return true
        }
    }
}
