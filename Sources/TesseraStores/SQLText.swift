import Synchronization

/// The text of a statement that is used again and again, on whichever database; each connection prepares it when it first
/// needs it.
///
/// Its number is its place in what every connection knows of its prepared statements, so that finding one on a hot
/// path costs no hashing of the text.
struct SQLText: Sendable {
    let text: String
    let slot: Int
    /// Whether it tells other nodes what it has changed; see ``PostgresSignal``.
    let tells: Bool

    private static let count = Atomic<Int>(0)

    /// - Parameter text: Made once, as a `static let`: every call takes a place for good.
    init(_ text: String) {
        self.text = text
        tells = text.contains(PostgresSignal.call)
        slot = Self.count.wrappingAdd(1, ordering: .relaxed).oldValue
    }
}
