/// A wrong command line. Ends the program with status 2.
struct UsageError: Error, Sendable {
    /// The problem, starting in lower case.
    let sentence: String
    /// A name that was probably meant.
    let suggestion: String?
    /// The command whose help is relevant; empty for a command that is already running.
    let path: String

    init(_ sentence: String, suggestion: String? = nil, at path: CommandPath) {
        self.sentence = sentence
        self.suggestion = suggestion
        self.path = path.description
    }

    /// Reports options that contradict each other, as only the command can tell.
    init(_ sentence: String) {
        self.sentence = sentence
        suggestion = nil
        path = ""
    }
}

/// A failed command. Ends the program with status 1.
struct Failure: Error, Sendable {
    /// One line for people, without secrets.
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}
