/// Determines the command and its values from the arguments, the environment, and the file given with `--config`, the
/// only file that it reads.
struct ArgumentReader {
    /// The option that names a configuration file.
    static let configurationOption = "--config"

    /// The meaning of a command line.
    enum Request: Sendable {
        case help(CommandPath)
        case version
        case run(Command, [String: any Sendable])
    }

    let root: Command
    /// The environment of the process.
    let environment: [String: String]
    /// Reads a file as text.
    let readFile: (String) throws -> String

    /// Parses the arguments.
    ///
    /// - Parameter arguments: The arguments after the name of the program.
    /// - Throws: ``UsageError``, and the errors of `readFile`.
    func read(_ arguments: [String]) throws -> Request {
        var path = CommandPath(root)
        var rest = arguments[...]
        while path.last.action == nil {
            guard let word = rest.popFirst() else {
                let names = path.last.subcommands.map(\.name).joined(separator: ", ")
                throw UsageError("missing command; choose one of \(names).", at: path)
            }
            switch word {
            case "--help", "-h": return .help(path)
            case "--version" where path.isRoot: return .version
            default: path = try step(from: path, to: word)
            }
        }
        // Help is given even if the rest is wrong, because people do not ask for it by accident.
        if rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
            return .help(path)
        }
        return .run(path.last, try values(of: rest, for: path))
    }

    private func step(from path: CommandPath, to word: String) throws(UsageError) -> CommandPath {
        if let next = path.last.subcommands.first(where: { $0.name == word }) { return path.appending(next) }
        let kind = word.hasPrefix("-") ? "option" : "command"
        let names = path.last.subcommands.map(\.name)
        throw UsageError(
            "unknown \(kind) \(Printable.quoted(word)).", suggestion: Suggestion.nearest(to: word, in: names),
            at: path)
    }

    // MARK: Values

    private func values(of arguments: ArraySlice<String>, for path: CommandPath) throws -> [String:
        any Sendable]
    {
        let parameters = path.last.parameters
        let given = try texts(in: arguments, for: path)
        let settings = try settings(file: given[Self.configurationOption]?.last, at: path)
        var values: [String: any Sendable] = [:]
        for parameter in parameters {
            let shape = parameter.shape
            var texts = given[shape.name] ?? []
            var source = shape.name
            if texts.isEmpty, let name = shape.environment, let setting = settings[name] {
                texts = shape.isRepeated ? setting.split(separator: " ").map(String.init) : [setting]
                source = name
            }
            if shape.isRequired, texts.isEmpty { throw UsageError("missing \(shape.name).", at: path) }
            do throws(ArgumentKindError) {
                values[shape.name] = try parameter.value(of: texts)
            } catch {
                throw UsageError("\(source): \(error.sentence)", at: path)
            }
        }
        return values
    }

    /// The texts that were given for each parameter, by name.
    private func texts(
        in arguments: ArraySlice<String>, for path: CommandPath
    ) throws(UsageError) -> [String: [String]] {
        var given: [String: [String]] = [:]
        var positionals: [String] = []
        var rest = arguments
        while let word = rest.popFirst() {
            if word == "--" {
                positionals += rest
                break
            }
            guard word.hasPrefix("-"), word != "-" else {
                positionals.append(word)
                continue
            }
            let (name, attached) = Self.split(word)
            let shape = try shape(named: name, at: path)
            let text: String
            if shape.form == .flag {
                guard attached == nil else { throw UsageError("\(name) does not take a value.", at: path) }
                text = "yes"
            } else if let attached {
                text = attached
            } else if let next = rest.first, !next.hasPrefix("--") {
                text = next
                rest.removeFirst()
            } else {
                throw UsageError("\(name) needs a value: \(name) \(shape.placeholder).", at: path)
            }
            guard shape.isRepeated || given[name] == nil else {
                throw UsageError("\(name) is given more than once.", at: path)
            }
            given[name, default: []].append(text)
        }
        try assign(positionals, to: &given, for: path)
        return given
    }

    private func assign(
        _ positionals: [String], to given: inout [String: [String]], for path: CommandPath
    ) throws(UsageError) {
        let shapes = path.last.parameters.map(\.shape).filter { $0.form == .positional }
        guard positionals.count <= shapes.count else {
            // Surplus arguments are not repeated: one may be a token or a password.
            let expected = shapes.isEmpty ? "none" : shapes.map(\.name).joined(separator: " ")
            throw UsageError("too many arguments; expected \(expected).", at: path)
        }
        for (shape, text) in zip(shapes, positionals) { given[shape.name] = [text] }
    }

    private func shape(named name: String, at path: CommandPath) throws(UsageError) -> ParameterShape {
        let shapes = path.last.parameters.map(\.shape).filter { $0.form != .positional }
        if let shape = shapes.first(where: { $0.name == name }) { return shape }
        if let advice = Self.secrets[name] { throw UsageError(advice, at: path) }
        throw UsageError(
            "unknown option \(Printable.quoted(name)).",
            suggestion: Suggestion.nearest(to: name, in: shapes.map(\.name)), at: path)
    }

    /// Options that people might expect, but that would reveal a secret in the process list.
    private static let secrets = [
        "--password":
            "a password is read from standard input or with --password-file, never from an argument.",
        "--token": "a token is read from standard input, never from an argument.",
        "--secret": "a secret is read from standard input or a file, never from an argument.",
    ]

    /// Splits `--name=value`.
    private static func split(_ word: String) -> (name: String, value: String?) {
        guard word.hasPrefix("--"), let sign = word.firstIndex(of: "=") else { return (word, nil) }
        return (String(word[..<sign]), String(word[word.index(after: sign)...]))
    }

    // MARK: Settings

    /// The values from the environment and, with lower priority, from the file.
    private func settings(file: String?, at path: CommandPath) throws -> [String: String] {
        guard let file else { return environment }
        let names = root.environmentNames
        let written: [String: String]
        do {
            written = try ConfigurationFile.parse(try readFile(file))
        } catch let error as ConfigurationFile.Malformed {
            throw UsageError("\(file), line \(error.line): \(error.sentence)", at: path)
        }
        if let unknown = written.keys.sorted().first(where: { !names.contains($0) }) {
            throw UsageError(
                "\(file): unknown name \(Printable.quoted(unknown)).",
                suggestion: Suggestion.nearest(to: unknown, in: names.sorted()), at: path)
        }
        return written.merging(environment) { _, environment in environment }
    }
}
