/// The error of a store that could not answer or could not make a change durable.
///
/// The caller must assume that nothing is known: a check fails closed, and an endpoint answers 503. A change whose answer
/// was lost sets ``isOutcomeUnknown``.
public struct StoreError: Error, Sendable, CustomStringConvertible {
    /// The kind of a failure.
    public enum Code: String, Sendable {
        /// The database does not answer: the file is missing, the server is away, or too many requests wait.
        case unavailable
        /// The disk has no space left.
        case full
        /// The store is readable but not writable.
        case readOnly
        /// The stored data is damaged or contradicts itself.
        case corrupt
        /// A newer version made the store, or a migration is pending.
        case notMigrated
        /// The `Authorization` of a change has ended, and nothing was changed. The store itself works.
        case authorizationEnded
    }

    /// The kind of the failure.
    public let code: Code
    /// A sentence for operators. It never contains a bound value.
    public let sentence: String
    /// Indicates that the change may have happened, so that a program must not repeat it without a look at the result.
    public let isOutcomeUnknown: Bool

    /// Creates an error with a sentence for operators, without bound values.
    public init(_ code: Code, _ sentence: String) { self.init(code, sentence, isOutcomeUnknown: false) }

    private init(_ code: Code, _ sentence: String, isOutcomeUnknown: Bool) {
        self.code = code
        self.sentence = sentence
        self.isOutcomeUnknown = isOutcomeUnknown
    }

    /// Creates the error of a change that may have happened: no answer came, and the result is not known.
    public static func outcomeUnknown(_ sentence: String) -> StoreError {
        StoreError(
            .unavailable, "\(sentence) The outcome is not known.", isOutcomeUnknown: true)
    }

    /// The error of a change whose `Authorization` has ended.
    public static let authorizationEnded = StoreError(
        .authorizationEnded, "The session or the token that asked for this has ended.")

    /// Wraps an error of an unknown kind. No code here throws one, so it means that something is broken; a ``StoreError``
    /// stays as it is.
    @usableFromInline
    package init(wrapping error: any Error) {
        self = error as? StoreError ?? StoreError(.corrupt, "Unexpected: \(type(of: error)).")
    }

    /// The sentence for operators.
    public var description: String { sentence }
}
