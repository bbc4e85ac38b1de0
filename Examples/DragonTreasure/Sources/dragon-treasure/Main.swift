import Glibc

@main
struct Main {
    static func main() async {
        var arguments = CommandLine.arguments.dropFirst()
        if arguments.contains(where: { $0 == "--help" || $0 == "-h" }) { return write(ServeOptions.help) }
        do {
            guard arguments.popFirst() == "serve" else { throw UsageError("the command is serve") }
            try await serve(ServeOptions(arguments))
        } catch let error as UsageError {
            write("dragon-treasure: \(error); see dragon-treasure --help", to: STDERR_FILENO)
            exit(2)
        } catch {
            write("dragon-treasure: \(error)", to: STDERR_FILENO)
            exit(1)
        }
    }

    /// Writes a text and a line end at once: `print` would keep it back when it goes to a file or a pipe.
    static func write(_ text: String, to descriptor: Int32 = STDOUT_FILENO) {
        var rest = Array((text + "\n").utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            // Without a place to write to, the failure cannot be reported either.
            guard count > 0 || errno == EINTR else { return }
            rest = rest.dropFirst(max(count, 0))
        }
    }
}
