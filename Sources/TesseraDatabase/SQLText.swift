import Synchronization

/// The text of a statement that the program uses again and again. Each connection prepares it at its first use.
///
/// The number of the statement is its index in the list of prepared statements of every connection, so that a hot path
/// finds it without hashing the text.
@usableFromInline
package struct SQLText: Sendable {
    /// The SQL.
    package let text: String
    /// The index in the list of prepared statements of a connection.
    package let slot: Int
    /// Indicates that the statement notifies other nodes of its change, by ``notifyCall``.
    package let tells: Bool

    /// The channel over which nodes notify each other of changes.
    package static let channel = "tessera"
    /// The beginning of the SQL that sends a notification over ``channel``.
    package static let notifyCall = "pg_notify('\(channel)', "

    private static let count = Atomic<Int>(0)

    /// Creates a statement. Every call takes a slot for the life of the process, so each statement is a `static let`.
    package init(_ text: String) {
        self.text = text
        tells = text.contains(Self.notifyCall)
        slot = Self.count.wrappingAdd(1, ordering: .relaxed).oldValue
    }

    /// The statements of embedding programs, by their texts.
    private static let remembered = Mutex<[String: SQLText]>([:])
    private static let rememberedCapacity = 1_000

    /// Returns the statement with this text, which takes a slot at its first use.
    ///
    /// - Throws: ``StoreError`` beyond 1,000 texts: a program that writes values into its texts would fill the memory.
    package static func remembered(_ text: String) throws(StoreError) -> SQLText {
        let known: SQLText? = remembered.withLock { texts in
            if let known = texts[text] { return known }
            guard texts.count < rememberedCapacity else { return nil }
            let new = SQLText(text)
            texts[text] = new
            return new
        }
        guard let known else {
            throw StoreError(
                .full,
                "The program uses more than \(rememberedCapacity) different statements; values belong into parameters."
            )
        }
        return known
    }
}
