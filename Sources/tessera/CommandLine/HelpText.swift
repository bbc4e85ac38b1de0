/// The help of one command.
struct HelpText: CustomStringConvertible {
    /// The column before which lines are wrapped.
    private static let width = 100

    private let path: CommandPath

    init(_ path: CommandPath) { self.path = path }

    var description: String {
        let command = path.last
        var blocks = [Self.wrapped(command.summary, indent: 0), "Usage:\n  \(usage)"]
        if !command.details.isEmpty { blocks.append(Self.wrapped(command.details, indent: 0)) }
        let shapes = command.parameters.map(\.shape)
        blocks += [
            Self.block("Commands", command.subcommands.map { ($0.name, $0.summary) }),
            Self.block("Arguments", shapes.filter { $0.form == .positional }.map(Self.row)),
            Self.block("Options", shapes.filter { $0.form != .positional }.map(Self.row) + standardRows),
        ]
        if !command.examples.isEmpty {
            blocks.append("Examples:\n" + command.examples.map { "  \($0)" }.joined(separator: "\n"))
        }
        if !command.subcommands.isEmpty {
            blocks.append("See ‘\(path) COMMAND --help’ for the help of a command.")
        }
        return blocks.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    private var usage: String {
        guard path.last.action != nil else { return "\(path) COMMAND" }
        let shapes = path.last.parameters.map(\.shape)
        var words = [path.description]
        words += shapes.filter { $0.form == .positional }.map { $0.isRequired ? $0.name : "[\($0.name)]" }
        words += shapes.filter { $0.form == .option && $0.isRequired }.map { "\($0.name) \($0.placeholder)" }
        if shapes.contains(where: { $0.form != .positional && !$0.isRequired }) { words.append("[OPTIONS]") }
        return words.joined(separator: " ")
    }

    private var standardRows: [(String, String)] {
        let help = ("--help", "Show this help.")
        return path.isRoot ? [("--version", "Show the version."), help] : [help]
    }

    private static func row(_ shape: ParameterShape) -> (String, String) {
        let left = shape.form == .option ? "\(shape.name) \(shape.placeholder)" : shape.name
        var notes: [String] = []
        if shape.isRequired, shape.form == .option { notes.append("required") }
        if shape.isRepeated { notes.append("repeatable") }
        if let fallback = shape.fallback { notes.append("default: \(fallback)") }
        if let environment = shape.environment { notes.append(environment) }
        return (left, shape.summary + (notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))"))
    }

    /// A heading with rows of two columns; empty without rows.
    private static func block(_ heading: String, _ rows: [(String, String)]) -> String {
        guard !rows.isEmpty else { return "" }
        let column = (rows.map(\.0.count).max() ?? 0) + 4
        let lines = rows.map { left, right in
            "  " + left + String(repeating: " ", count: column - 2 - left.count)
                + wrapped(right, indent: column)
        }
        return "\(heading):\n" + lines.joined(separator: "\n")
    }

    /// A wrapped text whose continuation lines are indented.
    private static func wrapped(_ text: String, indent: Int) -> String {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, indent + line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " \(word)"
        }
        lines.append(line)
        return lines.joined(separator: "\n" + String(repeating: " ", count: indent))
    }
}
