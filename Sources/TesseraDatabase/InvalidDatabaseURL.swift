/// The error for a text that names no database.
public struct InvalidDatabaseURL: Error, Sendable, CustomStringConvertible {
    /// A sentence for the operator. It never repeats the text, which may contain a password.
    public let sentence: String
    /// The sentence for the operator.
    public var description: String { sentence }

    /// Creates an error with a sentence for the operator.
    package init(sentence: String) { self.sentence = sentence }
}
