import TesseraCore

/// The stored form of scopes: a JSON array of names, sorted, without spaces, so that SQL can read it.
///
/// A name has no character that JSON would escape (RFC 6749 §3.3), so reading and writing need no JSON code.
enum ScopeList {
    static func write(_ scope: Scope) -> String {
        scope.isEmpty ? "[]" : "[\"" + scope.tokens.map(\.text).joined(separator: "\",\"") + "\"]"
    }

    /// The scope in exactly the form that ``write(_:)`` gives; `nil` for anything else, however valid as JSON.
    static func read(_ text: String) -> Scope? {
        var tokens: [ScopeToken] = []
        // Names have no quotation marks, so the text between two marks is a name or the separator of two names.
        for (index, part) in text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
        where index % 2 == 1 {
            guard let token = ScopeToken(String(part)) else { return nil }
            tokens.append(token)
        }
        let scope = Scope(tokens)
        return write(scope) == text ? scope : nil
    }
}
