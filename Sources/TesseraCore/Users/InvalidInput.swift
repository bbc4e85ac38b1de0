/// What a person or a program sent cannot be taken as it is.
public struct InvalidInput: Error, Sendable, Hashable {
    /// What is wrong with one member or form field.
    public struct Problem: Sendable, Hashable {
        /// The member or field at fault, such as `scopes`.
        public let path: String
        /// A sentence for whoever sent it.
        public let message: String
    }

    /// At least one, in the order of the input.
    public let problems: [Problem]

    public init(_ path: String, _ message: String) {
        problems = [Problem(path: path, message: message)]
    }

    init(_ problems: [Problem]) { self.problems = problems }
}
