/// A change in the use of a replica, for the log.
public enum ReplicaNotice: Sendable, Hashable {
    /// Look-ups go to the replica from now on.
    case used
    /// All look-ups go to the primary from now on.
    case unused(why: String)
}

/// Decides which changes deserve a log line: each begin and end of use once, but no short lag after a change.
struct ReplicaNews: Sendable {
    /// The lag from which a notice is due, in nanoseconds.
    static let patience: Int64 = 5_000_000_000

    /// The last notice.
    private var told: ReplicaNotice?
    private var behindSince: Int64?

    /// Notes a look that found the replica usable.
    mutating func use() -> ReplicaNotice? {
        behindSince = nil
        return tell(.used)
    }

    /// Notes a failed look.
    mutating func fail(_ reason: String) -> ReplicaNotice? {
        behindSince = nil
        return tell(.unused(why: reason))
    }

    /// Notes a look that found missing changes.
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
