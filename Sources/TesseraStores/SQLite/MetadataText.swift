import TesseraCore
import TesseraJSON

/// The stored form of a token's metadata: a JSON object of texts, sorted by name, so that SQL can read it.
enum MetadataText {
    static func write(_ metadata: TokenMetadata) -> String {
        var json = JSONWriter()
        json.object { json in
            for entry in metadata.entries { json.member(named: entry.name) { $0.string(entry.text) } }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// The metadata; `nil` for any other text.
    static func read(_ text: String) -> TokenMetadata? {
        do {
            guard let object = try JSONValue.parse(Array(text.utf8)).object else { return nil }
            var texts: [(name: String, text: String)] = []
            for member in object.members {
                guard let text = member.value.string else { return nil }
                texts.append((member.name, text))
            }
            return TokenMetadata(stored: texts)
        } catch {
            return nil
        }
    }
}
