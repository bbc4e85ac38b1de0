import Tessera

/// Takes the parameters of a query one by one, and refuses those that are left at the end.
///
/// A filter with a typo must not be ignored: the list would not be the one that was asked for.
struct QueryReader {
    private var pairs: [(name: String, value: String)]

    /// - Throws: `HTTPError` 400 for a query that is malformed or names a parameter twice.
    init(_ request: Request) throws(HTTPError) {
        let parameters = try request.queryParameters()
        pairs = parameters.pairs
        for name in Set(pairs.map(\.name)) where parameters.values(of: name).count > 1 {
            throw Self.invalid(name, "may be there once")
        }
    }

    /// Any text; `nil` when the parameter is not there.
    mutating func text(_ name: String) throws(HTTPError) -> String? { take(name) }

    /// A whole number; `nil` when the parameter is not there.
    mutating func integer(_ name: String) throws(HTTPError) -> Int64? {
        try read(name, "must be an integer") { Self.number($0) }
    }

    /// `true` or `false`; `nil` when the parameter is not there.
    mutating func boolean(_ name: String) throws(HTTPError) -> Bool? {
        try read(name, "must be true or false") { Bool($0) }
    }

    /// The path of a user; `nil` when the parameter is not there.
    mutating func userPath(_ name: String) throws(HTTPError) -> User.ID? {
        try read(name, "must be the path of a user") { User.id(path: $0) }
    }

    /// The identifier of an entity; `nil` when the parameter is not there.
    mutating func identifier<Entity>(
        _ name: String, of type: Entity.Type
    ) throws(HTTPError) -> Identifier<Entity>? {
        try read(name, "must be an identifier") { Identifier<Entity>($0) }
    }

    /// The parameter `page`; the first one when it is not there.
    mutating func pageNumber() throws(HTTPError) -> PageNumber {
        try read("page", "must be a number from 1") { Self.number($0).flatMap { PageNumber(Int($0)) } }
            ?? .first
    }

    /// - Throws: `HTTPError` 400 when a parameter is left.
    func finish() throws(HTTPError) {
        if let pair = pairs.first {
            throw Self.invalid(String(pair.name.unicodeScalars.prefix(64)), "is not known here")
        }
    }

    private mutating func read<Value>(
        _ name: String, _ expectation: String, _ parse: (String) -> Value?
    ) throws(HTTPError) -> Value? {
        guard let text = take(name) else { return nil }
        guard let value = parse(text) else { throw Self.invalid(name, expectation) }
        return value
    }

    /// `Int64` alone would take a `+`, and `%2B1` is more likely a mistake than a number.
    private static func number(_ text: String) -> Int64? { text.hasPrefix("+") ? nil : Int64(text) }

    private mutating func take(_ name: String) -> String? {
        pairs.firstIndex { $0.name == name }.map { pairs.remove(at: $0).value }
    }

    private static func invalid(_ name: String, _ sentence: String) -> HTTPError {
        HTTPError(.badRequest, "The parameter “\(name)” \(sentence).")
    }
}
