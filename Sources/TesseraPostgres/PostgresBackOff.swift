/// The pause before the next attempt to connect. It grows with each failure, so that many clients do not overload a server
/// in trouble, but stays short enough that callers hardly wait once the server is back.
///
/// Each pause is random, from the upper half of its range, so that nodes that lost the server together return apart.
struct PostgresBackOff {
    /// The longest pause of a pool: the time for which a returned server can go unnoticed.
    static let longest: Int64 = 2_000_000_000

    private let first: Int64
    private let longest: Int64
    private var pause: Int64

    /// - Parameters:
    ///   - first: The upper limit of the first pause, in nanoseconds.
    ///   - longest: The upper limit of all pauses, in nanoseconds.
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

    /// Starts again with the first pause, after a success.
    mutating func reset() { pause = first }
}
