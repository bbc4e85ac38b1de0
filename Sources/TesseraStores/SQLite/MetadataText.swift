import TesseraCore
import TesseraJSON
import TesseraSQLite

/// How the metadata of a token stand at rest: a JSON object of texts, sorted by name, so that SQL can look into it.
enum MetadataText {
    static func write(_ metadata: TokenMetadata) -> String {
        var json = JSONWriter()
        json.object { json in
            for entry in metadata.entries { json.member(named: entry.name) { $0.string(entry.text) } }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// `nil` for what is no such object.
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
