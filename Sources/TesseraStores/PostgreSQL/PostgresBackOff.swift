/// How long to wait before connecting again: longer from failure to failure, so that a server that has trouble is not
/// asked by everybody all the time, yet never so long that callers wait for it once the server is back.
struct PostgresBackOff {
    private static let first: Int64 = 100_000_000
    /// In nanoseconds, and so the longest that a server which is back goes unnoticed.
    let longest: Int64
    private var pause = PostgresBackOff.first

    init(longest: Int64) { self.longest = longest }

    /// The next pause, in nanoseconds.
    mutating func next() -> Int64 {
        defer { pause = min(pause * 2, longest) }
        return pause
    }

    /// It has succeeded.
    mutating func reset() { pause = Self.first }
}
