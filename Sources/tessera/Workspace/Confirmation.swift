/// A question before an irreversible change.
enum Confirmation {
    /// Asks for confirmation if standard input is a terminal and `--yes` is absent. Scripts are not asked.
    ///
    /// - Throws: ``Failure`` if the answer is not yes.
    static func ask(_ question: String, _ invocation: Invocation) throws(Failure) {
        guard Terminal.isInteractive, !invocation[CommonParameters.yes] else { return }
        invocation.console.ask("\(question) [y/N]")
        let answer = Terminal.readLine()?.lowercased()
        guard answer == "y" || answer == "yes" else { throw Failure("nothing was changed.") }
    }
}
