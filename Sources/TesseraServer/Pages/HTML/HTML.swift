/// A finished piece of a page: UTF-8 bytes in which all text is already escaped.
///
/// There are two ways in. Text, which is always escaped, and markup that stands in this program's source as a
/// `StaticString`. Nothing that arrives from outside can become markup, because nothing dynamic can be raw.
///
/// One concrete type for every piece keeps result builders simple for the compiler, however long a page grows.
struct HTML: Sendable, Hashable {
    private(set) var bytes: [UInt8]

    /// Text as people wrote it; markup in it is shown, not obeyed.
    init(text: String) {
        bytes = []
        bytes.reserveCapacity(text.utf8.count)
        bytes.append(escaping: text)
    }

    /// Markup exactly as it stands in the source, such as an icon.
    init(raw markup: StaticString) {
        bytes = []
        bytes.append(markup)
    }

    /// Pieces one after another, with nothing between them.
    init(_ parts: [HTML] = []) {
        bytes = []
        bytes.reserveCapacity(parts.reduce(0) { $0 + $1.bytes.count })
        for part in parts { bytes.append(contentsOf: part.bytes) }
    }

    /// An element with content and an end tag.
    init(element name: StaticString, _ attributes: [Attribute], content: HTML) {
        bytes = []
        bytes.reserveCapacity(content.bytes.count + 64)
        bytes.append(startTag: name, attributes)
        bytes.append(contentsOf: content.bytes)
        bytes.append("</")
        bytes.append(name)
        bytes.append(">")
    }

    /// An element that has neither content nor an end tag, such as `input`.
    init(void name: StaticString, _ attributes: [Attribute]) {
        bytes = []
        bytes.append(startTag: name, attributes)
    }
}

extension [UInt8] {
    /// Appends text so that it means the same characters in element content and in a quoted attribute value.
    ///
    /// One set for both places, so that no caller has to know which one it is in. U+0000 has no place in a
    /// document and becomes U+FFFD, as a browser would have it.
    mutating func append(escaping text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): append("&amp;")
            case UInt8(ascii: "<"): append("&lt;")
            case UInt8(ascii: ">"): append("&gt;")
            case UInt8(ascii: "\""): append("&quot;")
            case UInt8(ascii: "'"): append("&#39;")
            case 0: append("\u{FFFD}")
            default: append(byte)
            }
        }
    }

    /// Appends the bytes of a literal as they stand.
    mutating func append(_ literal: StaticString) {
        if literal.hasPointerRepresentation {
            literal.withUTF8Buffer { append(contentsOf: $0) }
        } else {
            append(contentsOf: String(literal.unicodeScalar).utf8)
        }
    }

    fileprivate mutating func append(startTag name: StaticString, _ attributes: [Attribute]) {
        append("<")
        append(name)
        for attribute in attributes { append(contentsOf: attribute.bytes) }
        append(">")
    }
}
