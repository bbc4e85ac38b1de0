/// The cost of a password hash (RFC 9106 §3.1).
///
/// The default is the minimum that the OWASP Password Storage Cheat Sheet recommends for argon2id.
public struct Argon2Parameters: Sendable, Hashable {
    /// The memory of one hash in KiB; default 19,456 (19 MiB). At least 8 for each lane.
    public let memory: Int
    /// The number of passes over the memory; default 2, at least 1. The time grows with it.
    public let passes: Int
    /// The number of parts of the memory that are filled in parallel, each by a thread; default 1.
    public let lanes: Int

    /// Makes parameters; `nil` if argon2 does not allow them, or for more than 4 GiB of memory, 1,000 passes or 64
    /// lanes.
    public init?(memory: Int = 19_456, passes: Int = 2, lanes: Int = 1) {
        guard (1...64).contains(lanes), (8 * lanes...4_194_304).contains(memory), (1...1_000).contains(passes)
        else { return nil }
        self.init(uncheckedMemory: memory, passes: passes, lanes: lanes)
    }

    private init(uncheckedMemory memory: Int, passes: Int, lanes: Int) {
        self.memory = memory
        self.passes = passes
        self.lanes = lanes
    }

    /// 19 MiB, 2 passes, 1 lane: about 40 ms on one core.
    public static let standard = Self(uncheckedMemory: 19_456, passes: 2, lanes: 1)
}
