import Glibc
import TesseraJSON

/// The destinations of results and of messages.
struct Console: Sendable {
    private let output: @Sendable ([UInt8]) -> Void
    private let error: @Sendable ([UInt8]) -> Void

    /// Makes a console.
    ///
    /// - Parameters:
    ///   - output: Takes results.
    ///   - error: Takes all other text.
    init(
        output: @escaping @Sendable ([UInt8]) -> Void, error: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.output = output
        self.error = error
    }

    /// Standard output and standard error.
    static let standard = Console(
        output: { write($0, to: STDOUT_FILENO) }, error: { write($0, to: STDERR_FILENO) })

    /// Writes a result and a line end to standard output.
    func print(_ text: String) { output(Array("\(text)\n".utf8)) }

    /// Writes a result as JSON to standard output.
    func printJSON(_ body: (inout JSONWriter) -> Void) {
        var json = JSONWriter()
        body(&json)
        output(json.bytes + [0x0A])
    }

    /// Writes a message and a line end to standard error.
    func note(_ text: String) { error(Array("\(text)\n".utf8)) }

    /// Writes a question; the answer follows on the same line.
    func ask(_ question: String) { error(Array("\(question) ".utf8)) }

    /// Ignores errors, because there is no other place to report them. A closed pipe ends the process by a signal.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                return
            }
            rest = rest.dropFirst(count)
        }
    }
}
