/// How long to wait before connecting again: longer from failure to failure, so that a server that has trouble is not
/// asked by everybody all the time, yet never so long that callers wait for it once the server is back.
///
/// Of many nodes that have lost it at the same moment each waits for another time: drawn anew from the upper half.
struct PostgresBackOff {
    /// The longest of a pool, and so how long a server which is back goes unnoticed.
    static let longest: Int64 = 2_000_000_000

    private let first: Int64
    private let longest: Int64
    private var pause: Int64

    /// - Parameters:
    ///   - first: The longest that the first pause may be, in nanoseconds.
    ///   - longest: The longest that any may be.
    init(first: Int64 = 100_000_000, longest: Int64 = PostgresBackOff.longest) {
        self.first = first
        self.longest = longest
        pause = first
    }

    /// The next pause, in nanoseconds.
    mutating func next() -> Int64 {
        defer { pause = min(pause * 2, longest) }
        return Int64.random(in: pause / 2...pause)
    }

    /// It has succeeded.
    mutating func reset() { pause = first }
}
