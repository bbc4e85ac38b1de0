/// One thing that can be said to a command, and the type of what it says.
///
/// A command declares its parameters as constants and reads them from its ``Invocation`` with the same constants, so
/// that name, grammar, help and type stand in one place:
///
/// ```swift
/// private static let name = Parameter.required("--name", .text("NAME"), "How people call it.")
/// let name = invocation[name]   // a String
/// ```
struct Parameter<Value: Sendable>: AnyParameter {
    let shape: ParameterShape
    /// Makes the value of the texts that were given, in their order; none when there were none.
    private let read: @Sendable ([String]) throws(ArgumentKindError) -> Value

    private init(
        _ shape: ParameterShape, read: @escaping @Sendable ([String]) throws(ArgumentKindError) -> Value
    ) {
        self.shape = shape
        self.read = read
    }

    func value(of texts: [String]) throws(ArgumentKindError) -> any Sendable { try read(texts) }
}

/// A parameter of whatever type.
protocol AnyParameter: Sendable {
    var shape: ParameterShape { get }
    /// The value of the texts that were given.
    func value(of texts: [String]) throws(ArgumentKindError) -> any Sendable
}

/// What a parameter looks like to whoever types it.
struct ParameterShape: Sendable {
    enum Form: Sendable {
        /// `--admin`
        case flag
        /// `--user EMAIL`
        case option
        /// `EMAIL`
        case positional
    }

    /// With its dashes; the placeholder of a positional one.
    let name: String
    let form: Form
    let placeholder: String
    let summary: String
    var isRequired = false
    var isRepeated = false
    /// The text that counts when nothing was given, for the help.
    var fallback: String?
    /// The environment variable that can stand for it.
    var environment: String?
}

extension Parameter {
    /// A flag: there or not.
    static func flag(
        _ name: String, _ summary: String, environment: String? = nil
    ) -> Parameter<Bool> where Value == Bool {
        Parameter(
            ParameterShape(
                name: name, form: .flag, placeholder: "", summary: summary, environment: environment)
        ) { texts throws(ArgumentKindError) in
            guard let text = texts.last else { return false }
            return try ArgumentKind.switch.read(text)
        }
    }

    /// An option that need not be given; `nil` then.
    static func option<Given>(
        _ name: String, _ kind: ArgumentKind<Given>, _ summary: String, environment: String? = nil
    ) -> Parameter<Given?> where Value == Given? {
        Parameter(shape(name, kind, summary, environment: environment)) { texts throws(ArgumentKindError) in
            guard let text = texts.last else { return nil }
            return try kind.read(text)
        }
    }

    /// An option with a value that counts when none is given.
    static func option(
        _ name: String, _ kind: ArgumentKind<Value>, default fallback: String, _ summary: String,
        environment: String? = nil
    ) -> Parameter<Value> {
        Parameter(shape(name, kind, summary, fallback: fallback, environment: environment)) {
            texts throws(ArgumentKindError) in try kind.read(texts.last ?? fallback)
        }
    }

    /// An option that must be given.
    static func required(
        _ name: String, _ kind: ArgumentKind<Value>, _ summary: String
    ) -> Parameter<Value> {
        var shape = shape(name, kind, summary)
        shape.isRequired = true
        return Parameter(shape) { texts throws(ArgumentKindError) in try kind.read(texts.last ?? "") }
    }

    /// An option that can be given several times.
    static func repeated<Given>(
        _ name: String, _ kind: ArgumentKind<Given>, _ summary: String, environment: String? = nil
    ) -> Parameter<[Given]> where Value == [Given] {
        var shape = shape(name, kind, summary, environment: environment)
        shape.isRepeated = true
        return Parameter(shape) { texts throws(ArgumentKindError) in
            var values: [Given] = []
            for text in texts { values.append(try kind.read(text)) }
            return values
        }
    }

    /// A value that is known by its place, and must be given.
    static func positional(_ kind: ArgumentKind<Value>, _ summary: String) -> Parameter<Value> {
        let shape = ParameterShape(
            name: kind.placeholder, form: .positional, placeholder: kind.placeholder, summary: summary,
            isRequired: true)
        return Parameter(shape) { texts throws(ArgumentKindError) in try kind.read(texts.last ?? "") }
    }

    /// The same, but it need not be given; `nil` then.
    static func optionalPositional<Given>(
        _ kind: ArgumentKind<Given>, _ summary: String
    ) -> Parameter<Given?> where Value == Given? {
        let shape = ParameterShape(
            name: kind.placeholder, form: .positional, placeholder: kind.placeholder, summary: summary)
        return Parameter(shape) { texts throws(ArgumentKindError) in
            guard let text = texts.last else { return nil }
            return try kind.read(text)
        }
    }

    private static func shape<Given>(
        _ name: String, _ kind: ArgumentKind<Given>, _ summary: String, fallback: String? = nil,
        environment: String? = nil
    ) -> ParameterShape {
        ParameterShape(
            name: name, form: .option, placeholder: kind.placeholder, summary: summary, fallback: fallback,
            environment: environment)
    }
}
