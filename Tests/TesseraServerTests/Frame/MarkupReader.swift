/// Reads back the markup that pages write, which is regular: every value quoted, every `<` in text escaped.
///
/// Finding an element that a page did not mean to write is what tests use it for, so it knows nothing of escaping
/// on the way in: a tag is whatever stands between `<` and `>`.
struct MarkupReader {
    struct Element {
        var name: String
        var attributes: [String: String]
        /// The text inside, tags left out and entities decoded.
        var text: String
        /// Names of the elements around it, outermost first.
        var ancestors: [String]
    }

    private(set) var elements: [Element] = []
    /// What is wrong with the nesting; empty for a sound document.
    private(set) var faults: [String] = []

    init(_ markup: String) {
        var open: [Int] = []
        var rest = markup[...]
        while let start = rest.firstIndex(of: "<") {
            let text = Self.decode(rest[..<start])
            for index in open { elements[index].text += text }
            guard let end = rest[start...].firstIndex(of: ">") else {
                faults.append("unfinished tag")
                return
            }
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("!") { continue }
            if tag.hasPrefix("/") {
                let name = String(tag.dropFirst())
                if let last = open.last, elements[last].name == name {
                    open.removeLast()
                } else {
                    faults.append("</\(name)> closes nothing")
                }
                continue
            }
            let isClosed = tag.hasSuffix("/")
            var element = Self.element(isClosed ? tag.dropLast() : tag)
            element.ancestors = open.map { elements[$0].name }
            elements.append(element)
            if !isClosed && !Self.voidNames.contains(element.name) { open.append(elements.count - 1) }
        }
        faults += open.map { "<\(elements[$0].name)> is not closed" }
    }

    /// The elements of that name in document order.
    func all(_ name: String) -> [Element] { elements.filter { $0.name == name } }

    func first(_ name: String, where condition: (Element) -> Bool = { _ in true }) -> Element? {
        elements.first { $0.name == name && condition($0) }
    }

    func element(id: String) -> Element? { elements.first { $0.attributes["id"] == id } }

    var ids: [String] { elements.compactMap { $0.attributes["id"] } }

    /// What a label says for the field with that id.
    func label(for id: String) -> String? { first("label") { $0.attributes["for"] == id }?.text }

    private static let voidNames: Set = ["input", "link", "meta"]

    private static func element(_ tag: Substring) -> Element {
        var rest = tag
        let name = rest.prefix { $0 != " " }
        rest = rest.dropFirst(name.count)
        var attributes: [String: String] = [:]
        while !rest.isEmpty {
            rest = rest.drop { $0 == " " }
            let key = rest.prefix { $0 != "=" && $0 != " " }
            rest = rest.dropFirst(key.count)
            var value: Substring = ""
            if rest.hasPrefix("=\"") {
                rest = rest.dropFirst(2)
                value = rest.prefix { $0 != "\"" }
                rest = rest.dropFirst(value.count + 1)
            }
            if !key.isEmpty { attributes[String(key)] = decode(value) }
        }
        return Element(name: String(name), attributes: attributes, text: "", ancestors: [])
    }

    private static func decode(_ text: Substring) -> String {
        var decoded = ""
        var rest = text
        while let start = rest.firstIndex(of: "&") {
            decoded += rest[..<start]
            rest = rest[start...]
            guard let (entity, character) = entities.first(where: { rest.hasPrefix($0.0) }) else {
                decoded += "&"
                rest = rest.dropFirst()
                continue
            }
            decoded += character
            rest = rest.dropFirst(entity.count)
        }
        return decoded + rest
    }

    private static let entities = [
        ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"),
    ]
}
