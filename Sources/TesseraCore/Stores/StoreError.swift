/// A store could not answer, or could not make a change durable.
///
/// Whoever asked must assume that nothing happened and that nothing is known: a check fails closed, an endpoint
/// answers 503.
public struct StoreError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// Nobody answers: the file is gone, the server is away, too many wait already.
        case unavailable
        /// There is no space left.
        case full
        /// The store may be read, not written.
        case readOnly
        /// What is stored does not fit together.
        case corrupt
        /// The store was made by a newer version, or waits for a migration.
        case notMigrated
    }
    public let code: Code
    /// A sentence for operators. Never holds a bound value.
    public let sentence: String

    public init(_ code: Code, _ sentence: String) {
        self.code = code
        self.sentence = sentence
    }

    public var description: String { sentence }
}
