/// A scanner for the parts of structured field values, RFC 9110 §5.6.
///
/// It reads each byte once and limits the number of elements, so that the time depends only on the length of a value. A
/// value with more elements than any client needs is malformed.
struct FieldScanner {
    /// The most elements of one list.
    static let maximumElements = 64
    /// The most parameters of one element.
    static let maximumParameters = 32

    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { position == bytes.count }

    /// Skips spaces and tabs.
    mutating func skipWhitespace() {
        while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 { position += 1 }
    }

    /// Skips this byte if it is next.
    mutating func skip(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    /// Reads a token; `nil` if there is none.
    mutating func token() -> String? {
        let start = position
        while position < bytes.count, CharacterClass.isTokenByte(bytes[position]) { position += 1 }
        guard position > start else { return nil }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Reads a token, or a quoted string without its quotes and escapes; `nil` if there is neither.
    mutating func tokenOrQuotedString() -> String? {
        guard skip(0x22) else { return token() }
        var content: [UInt8] = []
        while position < bytes.count {
            var byte = bytes[position]
            position += 1
            if byte == 0x22 { return String(validating: content, as: UTF8.self) }
            if byte == 0x5C {
                guard position < bytes.count else { return nil }
                byte = bytes[position]
                position += 1
            }
            guard CharacterClass.isFieldValueByte(byte) else { return nil }
            content.append(byte)
        }
        return nil
    }

    /// Reads a list to its end (RFC 9110 §5.6.1.2); elements may be empty.
    ///
    /// - Parameter element: Reads one element; `nil` if it is malformed.
    /// - Returns: `nil` if an element is malformed or there are more than ``maximumElements``.
    mutating func list<Element>(_ element: (inout FieldScanner) -> Element?) -> [Element]? {
        var elements: [Element] = []
        while true {
            skipWhitespace()
            if isAtEnd { return elements }
            if skip(0x2C) { continue }
            guard elements.count < Self.maximumElements, let next = element(&self) else { return nil }
            elements.append(next)
            skipWhitespace()
            guard isAtEnd || skip(0x2C) else { return nil }
        }
    }

    /// Reads an entity tag, RFC 9110 §8.8.3; `nil` if there is none.
    mutating func entityTag() -> EntityTag? {
        let start = position
        let isWeak = skip(0x57) && skip(0x2F)
        guard isWeak || position == start, skip(0x22) else { return nil }
        let content = position
        while position < bytes.count, EntityTag.isContent(bytes[position]) { position += 1 }
        let opaque = String(decoding: bytes[content..<position], as: UTF8.self)
        return skip(0x22) ? EntityTag(opaque: opaque, isWeak: isWeak) : nil
    }

    /// Reads all following `;name=value` parameters; `nil` if one is malformed, a name is repeated, or there are more
    /// than ``maximumParameters``.
    mutating func parameters() -> [MediaType.Parameter]? {
        var parameters: [MediaType.Parameter] = []
        while true {
            let start = position
            skipWhitespace()
            guard skip(0x3B) else {
                position = start
                return parameters
            }
            skipWhitespace()
            // RFC 9110 §5.6.6 allows empty parameters.
            if isAtEnd || bytes[position] == 0x3B || bytes[position] == 0x2C { continue }
            guard parameters.count < Self.maximumParameters,
                let name = token()?.lowercased(), skip(0x3D), let value = tokenOrQuotedString(),
                !parameters.contains(where: { $0.name == name })
            else { return nil }
            parameters.append(MediaType.Parameter(name: name, value: value))
        }
    }
}
