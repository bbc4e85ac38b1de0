import Synchronization

/// The prefixes of personal tokens that an installation has used before, or that other nodes use. Checks accept them like the
/// present one. They may change while checks run.
public final class OtherTokenPrefixes: Sendable {
    /// As they lie in memory in front of a token, with the `_`.
    private let starts: Mutex<Set<UInt32>>

    /// Makes a set of prefixes.
    public init(_ prefixes: [TokenPrefix] = []) { starts = Mutex(Set(prefixes.map(TokenFormat.start))) }

    var isEmpty: Bool { starts.withLock { $0.isEmpty } }

    func contains(_ start: UInt32) -> Bool { starts.withLock { $0.contains(start) } }

    func replace(with prefixes: [TokenPrefix]) {
        let new = Set(prefixes.map(TokenFormat.start))
        starts.withLock { $0 = new }
    }
}
