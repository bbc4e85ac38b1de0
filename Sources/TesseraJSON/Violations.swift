/// The problems of a body that is JSON but does not have the required content; never empty.
public struct Violations: Error, Sendable, Hashable {
    /// One problem.
    public struct Violation: Sendable, Hashable {
        /// The position: `name`, `owner.name`, `scopes[1]`; empty for the body as a whole.
        public let path: String
        /// A phrase for people that continues the path: `must be a string`.
        public let message: String

        /// Makes a violation from its parts.
        public init(path: String, message: String) {
            self.path = path
            self.message = message
        }
    }

    /// The violations in the order in which they were found.
    public let all: [Violation]

    /// Makes a list of one violation.
    public init(path: String, message: String) {
        all = [Violation(path: path, message: message)]
    }

    /// Makes a list; `nil` if it is empty.
    public init?(_ all: [Violation]) {
        guard !all.isEmpty else { return nil }
        self.all = all
    }
}
