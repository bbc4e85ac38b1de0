import Glibc
import TesseraJSON

/// Where results and everything else go.
struct Console: Sendable {
    private let output: @Sendable ([UInt8]) -> Void
    private let error: @Sendable ([UInt8]) -> Void

    /// - Parameters:
    ///   - output: Takes results.
    ///   - error: Takes everything else.
    init(
        output: @escaping @Sendable ([UInt8]) -> Void, error: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.output = output
        self.error = error
    }

    /// Standard output and standard error.
    static let standard = Console(
        output: { write($0, to: STDOUT_FILENO) }, error: { write($0, to: STDERR_FILENO) })

    /// Writes a result and a line end.
    func print(_ text: String) { output(Array("\(text)\n".utf8)) }

    /// Writes a result as JSON.
    func printJSON(_ body: (inout JSONWriter) -> Void) {
        var json = JSONWriter()
        body(&json)
        output(json.bytes + [0x0A])
    }

    /// Writes a line that is no result.
    func note(_ text: String) { error(Array("\(text)\n".utf8)) }

    /// Asks a question whose answer stands behind it on the same line.
    func ask(_ question: String) { error(Array("\(question) ".utf8)) }

    /// Nobody can be told that writing failed; a closed pipe ends the process by itself.
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
