/// A command was typed wrongly. Ends the program with 2.
struct UsageError: Error, Sendable {
    /// What is wrong, without a capital letter in front.
    let sentence: String
    /// What was probably meant.
    let suggestion: String?
    /// Whose help tells how it is typed; empty for a command that is running already.
    let path: String

    init(_ sentence: String, suggestion: String? = nil, at path: CommandPath) {
        self.sentence = sentence
        self.suggestion = suggestion
        self.path = path.description
    }

    /// Two options do not go together, as only the command knows.
    init(_ sentence: String) {
        self.sentence = sentence
        suggestion = nil
        path = ""
    }
}

/// A command could not do what was asked. Ends the program with 1.
struct Failure: Error, Sendable {
    /// One line for whoever typed the command; never a secret.
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}
