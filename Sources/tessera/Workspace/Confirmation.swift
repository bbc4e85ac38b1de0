/// A question before something that cannot be taken back.
enum Confirmation {
    /// Asks, when there is a person at the terminal who has not said `--yes`; a script has thought about it already.
    ///
    /// - Throws: ``Failure`` when the answer is not yes.
    static func ask(_ question: String, _ invocation: Invocation) throws(Failure) {
        guard Terminal.isInteractive, !invocation[CommonParameters.yes] else { return }
        invocation.console.ask("\(question) [y/N]")
        let answer = Terminal.readLine()?.lowercased()
        guard answer == "y" || answer == "yes" else { throw Failure("nothing was changed.") }
    }
}
