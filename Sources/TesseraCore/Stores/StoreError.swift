/// The error of a store that cannot answer, or cannot make a change durable.
///
/// The caller must assume that nothing is known: a check fails closed, an endpoint answers 503. The error of a change whose
/// answer was lost on the way says so: ``isOutcomeUnknown``.
public struct StoreError: Error, Sendable, CustomStringConvertible {
    /// The kind of a failure, for programs.
    public enum Code: String, Sendable {
        /// The store does not answer: the file is gone, the server is away, or too many requests wait already.
        case unavailable
        /// There is no space left.
        case full
        /// The store may be read, not written.
        case readOnly
        /// The stored data contradict each other.
        case corrupt
        /// The store was made by a newer version, or waits for a migration.
        case notMigrated
        /// The ``Authorization`` of a change has ended, and nothing was changed. The store itself is sound.
        case authorizationEnded
    }
    /// The kind of the failure.
    public let code: Code
    /// A sentence for operators. Never holds a bound value.
    public let sentence: String
    /// Indicates that the change may have happened all the same, so that it must not be repeated without a look.
    public let isOutcomeUnknown: Bool

    /// Makes an error of a change that has certainly not happened.
    public init(_ code: Code, _ sentence: String) { self.init(code, sentence, isOutcomeUnknown: false) }

    private init(_ code: Code, _ sentence: String, isOutcomeUnknown: Bool) {
        self.code = code
        self.sentence = sentence
        self.isOutcomeUnknown = isOutcomeUnknown
    }

    /// The error of a change that may have happened: the store does not answer, and the outcome is not known.
    public static func outcomeUnknown(_ sentence: String) -> StoreError {
        StoreError(
            .unavailable, "\(sentence) The outcome is not known.", isOutcomeUnknown: true)
    }

    /// The error of a change whose ``Authorization`` has ended.
    public static let authorizationEnded = StoreError(
        .authorizationEnded, "The session or the token that asked for this has ended.")

    public var description: String { sentence }
}
