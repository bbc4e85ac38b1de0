/// How long to wait before connecting again: longer from failure to failure, so that a server that has trouble is not
/// asked by everybody all the time, yet never so long that callers wait for it once the server is back.
///
/// Of many nodes that have lost it at the same moment each waits for another time: drawn anew from the upper half.
struct PostgresBackOff {
    private static let first: Int64 = 100_000_000
    /// In nanoseconds, and so the longest that a server which is back goes unnoticed.
    static let longest: Int64 = 2_000_000_000

    private var pause = PostgresBackOff.first

    /// The next pause, in nanoseconds.
    mutating func next() -> Int64 {
        defer { pause = min(pause * 2, Self.longest) }
        return Int64.random(in: pause / 2...pause)
    }

    /// It has succeeded.
    mutating func reset() { pause = Self.first }
}
