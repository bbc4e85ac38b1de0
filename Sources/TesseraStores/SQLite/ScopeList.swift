import TesseraCore
import TesseraSQLite

/// How scopes stand at rest: a JSON array of names, sorted, without spaces, so that SQL can look into it.
///
/// A name has no character that JSON would escape (RFC 6749 §3.3), which makes reading and writing it short.
enum ScopeList {
    static func write(_ scope: Scope) -> String {
        scope.isEmpty ? "[]" : "[\"" + scope.tokens.map(\.text).joined(separator: "\",\"") + "\"]"
    }

    /// The scope in exactly the form that ``write(_:)`` gives; `nil` for anything else, however valid as JSON.
    static func read(_ text: String) -> Scope? {
        var tokens: [ScopeToken] = []
        // Names hold no quotation mark, so that between two of them stands either a name or what joins two names.
        for (index, part) in text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
        where index % 2 == 1 {
            guard let token = ScopeToken(String(part)) else { return nil }
            tokens.append(token)
        }
        let scope = Scope(tokens)
        return write(scope) == text ? scope : nil
    }
}
