import Synchronization
import TesseraCore

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

    /// The texts that embedding programs use, by themselves.
    private static let remembered = Mutex<[String: SQLText]>([:])
    private static let rememberedCapacity = 1_000

    /// The statement with this text, which takes a place when it is first asked for.
    ///
    /// - Throws: ``StoreError`` for one text too many: a program that writes values into its texts would fill the memory.
    static func remembered(_ text: String) throws(StoreError) -> SQLText {
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
