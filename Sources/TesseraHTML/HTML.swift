/// A finished piece of a page: UTF-8 bytes in which all text is already escaped.
///
/// There are two ways in. Text, which is always escaped, and markup that stands in this program's source as a
/// `StaticString`. Nothing that arrives from outside can become markup, because nothing dynamic can be raw.
///
/// One concrete type for every piece keeps result builders simple for the compiler, however long a page grows.
package struct HTML: Sendable, Hashable {
    package private(set) var bytes: [UInt8]
    /// Where in ``bytes`` the addresses of this site begin, in ascending order.
    private var addresses: [Int] = []

    /// Text as people wrote it; markup in it is shown, not obeyed.
    package init(text: String) {
        bytes = []
        bytes.reserveCapacity(text.utf8.count)
        bytes.append(escaping: text)
    }

    /// Markup exactly as it stands in the source, such as an icon.
    package init(raw markup: StaticString) {
        bytes = []
        bytes.append(markup)
    }

    /// Pieces one after another, with nothing between them.
    package init(_ parts: [HTML] = []) {
        bytes = []
        bytes.reserveCapacity(parts.reduce(0) { $0 + $1.bytes.count })
        for part in parts { append(part) }
    }

    /// An element with content and an end tag.
    package init(element name: StaticString, _ attributes: [Attribute], content: HTML) {
        bytes = []
        bytes.reserveCapacity(content.bytes.count + 64)
        append(startTag: name, attributes)
        append(content)
        bytes.append("</")
        bytes.append(name)
        bytes.append(">")
    }

    /// An element that has neither content nor an end tag, such as `input`.
    package init(void name: StaticString, _ attributes: [Attribute]) {
        bytes = []
        append(startTag: name, attributes)
    }

    /// Returns the bytes as they are sent, with a path inserted before each address of this site.
    ///
    /// The path is inserted here and not where the addresses are written, so that no page can forget it.
    ///
    /// - Parameter path: The path of the site, such as `/auth`, or empty text for a site that has a host of its own.
    package func document(below path: String) -> [UInt8] {
        guard !path.isEmpty else { return bytes }
        let path = path.utf8
        var document: [UInt8] = []
        document.reserveCapacity(bytes.count + addresses.count * path.count)
        var start = 0
        for address in addresses {
            document.append(contentsOf: bytes[start..<address])
            document.append(contentsOf: path)
            start = address
        }
        document.append(contentsOf: bytes[start...])
        return document
    }

    private mutating func append(_ part: HTML) {
        for address in part.addresses { addresses.append(bytes.count + address) }
        bytes.append(contentsOf: part.bytes)
    }

    private mutating func append(startTag name: StaticString, _ attributes: [Attribute]) {
        bytes.append("<")
        bytes.append(name)
        for attribute in attributes {
            if let address = attribute.address { addresses.append(bytes.count + address) }
            bytes.append(contentsOf: attribute.bytes)
        }
        bytes.append(">")
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
}
