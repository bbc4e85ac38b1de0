import TesseraCore
import TesseraJSON
import TesseraTime

/// How the values of the domain stand in JSON.
extension JSONWriter {
    mutating func member<Entity>(_ name: StaticString, _ identifier: Identifier<Entity>) {
        member(name, atMost: Identifier<Entity>.textLength) { identifier.writeText(into: $0) }
    }

    /// An instant as RFC 3339 writes it; `null` for none.
    mutating func member(_ name: StaticString, _ instant: NumericDate?) {
        guard let instant else { return member(name, String?.none) }
        member(name, atMost: NumericDate.longestRFC3339) { instant.writeRFC3339(into: $0) }
    }

    /// A scope as an array of names.
    mutating func member(_ name: StaticString, _ scope: Scope) {
        member(name) { json in
            json.array { json in for token in scope.tokens { json.string(token.text) } }
        }
    }
}
