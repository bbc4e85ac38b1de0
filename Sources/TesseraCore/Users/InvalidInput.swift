/// The error of input from a person or a program that is not valid.
public struct InvalidInput: Error, Sendable, Hashable {
    /// A problem with one member or form field.
    public struct Problem: Sendable, Hashable {
        /// The member or field at fault, such as `scopes`.
        public let path: String
        /// A sentence for the sender.
        public let message: String
    }

    /// At least one, in the order of the input.
    public let problems: [Problem]

    /// Makes an error with one problem.
    public init(_ path: String, _ message: String) {
        problems = [Problem(path: path, message: message)]
    }

    init(_ problems: [Problem]) { self.problems = problems }
}
