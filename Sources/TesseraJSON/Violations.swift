/// Everything that is wrong with a body that is JSON but not what was asked for; never empty.
public struct Violations: Error, Sendable, Hashable {
    /// One thing that is wrong.
    public struct Violation: Sendable, Hashable {
        /// Where: `name`, `owner.name`, `scopes[1]`; empty for the body as a whole.
        public let path: String
        /// A phrase for people that goes on from the path: `must be a string`.
        public let message: String

        public init(path: String, message: String) {
            self.path = path
            self.message = message
        }
    }

    /// In the order they were found.
    public let all: [Violation]

    /// One violation alone.
    public init(path: String, message: String) {
        all = [Violation(path: path, message: message)]
    }

    /// What was collected; nil when that is nothing.
    public init?(_ all: [Violation]) {
        guard !all.isEmpty else { return nil }
        self.all = all
    }
}
