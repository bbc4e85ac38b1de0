/// What becomes of a replica, for the log of whoever runs it.
public enum ReplicaNotice: Sendable, Hashable {
    /// Tokens are looked up there from now on.
    case used
    /// From now on all of them are looked up at the primary.
    case unused(why: String)
}

/// Decides what is worth a line: each coming and going once, and not that it is behind for a moment after each change.
struct ReplicaNews: Sendable {
    /// How long it may be behind before that is told, in nanoseconds.
    static let patience: Int64 = 5_000_000_000

    /// What was told last.
    private var told: ReplicaNotice?
    private var behindSince: Int64?

    /// A look has shown that it can be used.
    mutating func use() -> ReplicaNotice? {
        behindSince = nil
        return tell(.used)
    }

    /// A look has failed.
    mutating func fail(_ reason: String) -> ReplicaNotice? {
        behindSince = nil
        return tell(.unused(why: reason))
    }

    /// A look has shown that it lacks something.
    mutating func lag(_ reason: String, _ now: Int64) -> ReplicaNotice? {
        let since = behindSince ?? now
        behindSince = since
        return now - since < Self.patience ? nil : tell(.unused(why: reason))
    }

    private mutating func tell(_ notice: ReplicaNotice) -> ReplicaNotice? {
        if case (.unused, .unused) = (told, notice) { return nil }
        guard told != notice else { return nil }
        told = notice
        return notice
    }
}
