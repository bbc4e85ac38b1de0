import Synchronization
public import TesseraTime

/// The permissions that exist, held in memory, and what each kind of owner may have of them.
///
/// A change made through this object holds when it returns; one made elsewhere, after ``reload()``.
public final class ScopeCatalogue: Sendable {
    private struct State {
        var definitions: [ScopeDefinition] = []
        var forUsers = Scope.empty
        var forOperators = Scope.empty
        /// The number of the reading that this comes from.
        var reading: UInt64 = 0

        init(_ definitions: [ScopeDefinition], reading: UInt64 = 0) {
            self.definitions = definitions
            self.reading = reading
            forOperators = Scope(definitions.map(\.name))
            forUsers = Scope(definitions.filter { !$0.isForOperators }.map(\.name))
        }
    }

    private let store: any ScopeStore
    private let identifiers: IdentifierSource
    private let state = Mutex(State([]))
    private let readings = Atomic<UInt64>(0)
    private let observers = Mutex<[@Sendable () -> Void]>([])

    /// Makes an empty catalogue; ``reload()`` reads the stored one.
    public init(store: any ScopeStore, identifiers: IdentifierSource) {
        self.store = store
        self.identifiers = identifiers
    }

    /// Reads the catalogue from the store.
    public func reload() async throws(StoreError) {
        let reading = readings.wrappingAdd(1, ordering: .relaxed).newValue
        let definitions = try await store.scopes()
        // Of several at the same time, the one that began last has seen what all others have.
        state.withLock { if reading > $0.reading { $0 = State(definitions, reading: reading) } }
        for observer in observers.withLock({ $0 }) { observer() }
    }

    /// Calls `handler` after each reading, before ``reload()`` and the changes made here return: rights that were computed
    /// earlier may have changed.
    func observe(_ handler: @escaping @Sendable () -> Void) { observers.withLock { $0.append(handler) } }

    /// The catalogue in the order of the names.
    public var definitions: [ScopeDefinition] { state.withLock { $0.definitions } }

    /// The definitions that this person may give to a token.
    public func definitions(for owner: User) -> [ScopeDefinition] {
        definitions.filter { owner.isOperator || !$0.isForOperators }
    }

    /// All that this person may do now. Scopes of a token limit this, they never add to it.
    public func rights(of owner: User) -> Scope {
        state.withLock { owner.isOperator ? $0.forOperators : $0.forUsers }
    }

    /// All that the tokens of a subject may do now: those of a client what any person may do.
    func rights(of principal: Principal) -> Scope {
        switch principal {
        case .user(let user): rights(of: user)
        case .client: state.withLock { $0.forUsers }
        }
    }

    /// Adds permissions that are not there yet, or whose words have changed; does nothing when all is as it should be.
    ///
    /// - Throws: ``InvalidInput`` for words that cannot be shown, ``StoreError``.
    public func ensure(_ wanted: [ScopeDefinition], at now: NumericDate) async throws {
        try await reload()
        for scope in try wanted.map({ try $0.checked }) where !definitions.contains(scope) {
            try await put(scope, by: .system, at: now)
        }
    }

    /// Adds a permission, or replaces the one of the same name.
    ///
    /// - Throws: ``InvalidInput`` for words that cannot be shown, ``StoreError``.
    public func put(_ scope: ScopeDefinition, by actor: Actor, at now: NumericDate) async throws {
        let scope = try scope.checked
        let event = AuditEvent(
            identifiers.next(at: now), .scopeAdded, by: actor, subject: scope.name.text, at: now)
        try await store.put(scope, audit: event)
        try await reload()
    }

    /// Takes a permission out of the catalogue; `false` when it is not there.
    public func remove(_ name: ScopeToken, by actor: Actor, at now: NumericDate) async throws(StoreError)
        -> Bool
    {
        let event = AuditEvent(
            identifiers.next(at: now), .scopeRemoved, by: actor, subject: name.text, at: now)
        let removed = try await store.removeScope(name, audit: event)
        try await reload()
        return removed
    }
}
