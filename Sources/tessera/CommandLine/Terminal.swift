import Glibc

/// The person at standard input, if it is a terminal.
enum Terminal {
    static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 }

    /// Reads a typed line; `nil` at the end of input.
    ///
    /// - Parameter isSecret: Hides the typed text.
    static func readLine(isSecret: Bool = false) -> String? {
        guard isSecret else { return Swift.readLine() }
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return Swift.readLine() }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) }
        return Swift.readLine()
    }
}
