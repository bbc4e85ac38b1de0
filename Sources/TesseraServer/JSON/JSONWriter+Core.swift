import TesseraCore
import TesseraJSON
import TesseraTime

/// The values of the domain in JSON.
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

    /// Metadata as an object of texts.
    mutating func member(_ name: StaticString, _ metadata: TokenMetadata) {
        member(name) { json in
            json.object { json in
                for entry in metadata.entries { json.member(named: entry.name) { $0.string(entry.text) } }
            }
        }
    }

    /// An identifier, or `null`.
    mutating func member<Entity>(_ name: StaticString, orNull identifier: Identifier<Entity>?) {
        if let identifier { member(name, identifier) } else { member(name, String?.none) }
    }
}
