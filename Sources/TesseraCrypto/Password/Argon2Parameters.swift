/// What hashing a password costs — RFC 9106 §3.1.
///
/// The default is the least that OWASP's password storage advice allows for argon2id.
public struct Argon2Parameters: Sendable, Hashable {
    /// Memory per hash, in KiB; default 19,456 (19 MiB). At least 8 per lane.
    public let memory: Int
    /// How often the memory is filled; default 2, at least 1. Time grows with it.
    public let passes: Int
    /// How many parts of the memory are filled side by side, each on a thread; default 1.
    public let lanes: Int

    /// The parameters; nil when argon2 has none such or they are beyond what a server can mean: over 4 GiB
    /// of memory, 1,000 passes or 64 lanes.
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

    /// 19 MiB, 2 passes, 1 lane: about 40 ms on a core.
    public static let standard = Self(uncheckedMemory: 19_456, passes: 2, lanes: 1)
}
