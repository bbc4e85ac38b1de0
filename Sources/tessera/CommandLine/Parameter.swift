/// A parameter of a command, with the type of its value.
///
/// A command declares its parameters as constants and reads their values from its ``Invocation`` with the same constants,
/// so that name, grammar, help and type are in one place:
///
/// ```swift
/// private static let name = Parameter.required("--name", .text("NAME"), "The name of the token.")
/// let name = invocation[name]   // a String
/// ```
struct Parameter<Value: Sendable>: AnyParameter {
    let shape: ParameterShape
    /// Makes the value from the given texts in order; `nil` if there were none.
    private let read: @Sendable ([String]) throws(ArgumentKindError) -> Value

    private init(
        _ shape: ParameterShape, read: @escaping @Sendable ([String]) throws(ArgumentKindError) -> Value
    ) {
        self.shape = shape
        self.read = read
    }

    func value(of texts: [String]) throws(ArgumentKindError) -> any Sendable { try read(texts) }
}

/// A parameter with a value of any type.
protocol AnyParameter: Sendable {
    var shape: ParameterShape { get }
    /// Returns the value of the given texts.
    func value(of texts: [String]) throws(ArgumentKindError) -> any Sendable
}

/// The form of a parameter on the command line.
struct ParameterShape: Sendable {
    enum Form: Sendable {
        /// `--admin`
        case flag
        /// `--user EMAIL`
        case option
        /// `EMAIL`
        case positional
    }

    /// The name with its dashes, or the placeholder of a positional parameter.
    let name: String
    let form: Form
    let placeholder: String
    let summary: String
    var isRequired = false
    var isRepeated = false
    /// The default, for the help.
    var fallback: String?
    /// The environment variable that can replace the parameter.
    var environment: String?
}

extension Parameter {
    /// A flag, which is present or absent.
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

    /// An optional option; `nil` if it is absent.
    static func option<Given>(
        _ name: String, _ kind: ArgumentKind<Given>, _ summary: String, environment: String? = nil
    ) -> Parameter<Given?> where Value == Given? {
        Parameter(shape(name, kind, summary, environment: environment)) { texts throws(ArgumentKindError) in
            guard let text = texts.last else { return nil }
            return try kind.read(text)
        }
    }

    /// An option with a default value.
    static func option(
        _ name: String, _ kind: ArgumentKind<Value>, default fallback: String, _ summary: String,
        environment: String? = nil
    ) -> Parameter<Value> {
        Parameter(shape(name, kind, summary, fallback: fallback, environment: environment)) {
            texts throws(ArgumentKindError) in try kind.read(texts.last ?? fallback)
        }
    }

    /// A required option.
    static func required(
        _ name: String, _ kind: ArgumentKind<Value>, _ summary: String
    ) -> Parameter<Value> {
        var shape = shape(name, kind, summary)
        shape.isRequired = true
        return Parameter(shape) { texts throws(ArgumentKindError) in try kind.read(texts.last ?? "") }
    }

    /// An option that may be repeated.
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

    /// A required positional parameter.
    static func positional(_ kind: ArgumentKind<Value>, _ summary: String) -> Parameter<Value> {
        let shape = ParameterShape(
            name: kind.placeholder, form: .positional, placeholder: kind.placeholder, summary: summary,
            isRequired: true)
        return Parameter(shape) { texts throws(ArgumentKindError) in try kind.read(texts.last ?? "") }
    }

    /// An optional positional parameter; `nil` if it is absent.
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
