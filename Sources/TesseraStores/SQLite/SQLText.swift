import Synchronization

/// The text of a statement that is used again and again.
///
/// Its number is its place in the cache of every connection, so that finding the prepared statement on a hot path
/// costs no hashing of the text.
struct SQLText: Sendable {
    let text: String
    let slot: Int

    private static let count = Atomic<Int>(0)

    /// - Parameter text: Made once, as a `static let`: every call takes a place for good.
    init(_ text: String) {
        self.text = text
        slot = Self.count.wrappingAdd(1, ordering: .relaxed).oldValue
    }
}
