import Glibc

/// The person at the other end of standard input, if there is one.
enum Terminal {
    static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 }

    /// Reads a line that is typed; `nil` at the end of input.
    ///
    /// - Parameter isSecret: Whether what is typed stays invisible.
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
