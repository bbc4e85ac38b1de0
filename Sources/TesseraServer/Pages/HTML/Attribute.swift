/// One attribute of an element, with its value already escaped.
///
/// Names are literals and values are quoted, so a value can never end its attribute.
struct Attribute: Sendable, Hashable {
    let bytes: [UInt8]
    /// Where in ``bytes`` an address of this site begins; `nil` if there is none.
    let address: Int?

    /// An attribute with a value.
    ///
    /// - Parameter isOfSite: Whether the value is a path of the service.
    init(_ name: StaticString, _ value: String, isOfSite: Bool = false) {
        var bytes: [UInt8] = []
        bytes.append(" ")
        bytes.append(name)
        bytes.append("=\"")
        address = isOfSite ? bytes.count : nil
        bytes.append(escaping: value)
        bytes.append("\"")
        self.bytes = bytes
    }

    /// A boolean attribute: it is there or it is not.
    init(_ name: StaticString, if isPresent: Bool = true) {
        var bytes: [UInt8] = []
        if isPresent {
            bytes.append(" ")
            bytes.append(name)
        }
        self.bytes = bytes
        address = nil
    }

    private init() {
        bytes = []
        address = nil
    }

    /// No attribute at all; what a condition that does not hold leaves behind.
    static let none = Attribute()

    /// The attribute if the condition holds.
    static func when(_ condition: Bool, _ attribute: Attribute) -> Attribute {
        condition ? attribute : .none
    }
}

// MARK: - Addresses

extension Attribute {
    /// Where a link leads. An address that is not safe to follow is left out, which makes the link plain text.
    static func href(_ address: String) -> Attribute { self.init(address: address, as: "href") }

    /// Where a form is sent. An address that is not safe is left out, so the form goes to its own page.
    static func action(_ address: String) -> Attribute { self.init(address: address, as: "action") }

    /// Where a script or an image is read from.
    static func src(_ address: String) -> Attribute { self.init(address: address, as: "src") }

    private init(address: String, as name: StaticString) {
        let isOfSite = address.hasPrefix("/")
        self = Self.isSafe(address: address) ? Attribute(name, address, isOfSite: isOfSite) : .none
    }

    /// Whether an address stays on this site or leads to another one over HTTP.
    ///
    /// A list of what may pass, not of what may not: `javascript:`, `data:` and whatever comes next are refused
    /// for not being known. Spaces and control bytes are refused because browsers drop some of them, which
    /// turns `/\t/host` into `//host` and `java\nscript:` into a scheme.
    private static func isSafe(address: String) -> Bool {
        guard address.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }) else {
            return false
        }
        // By bytes: to `hasPrefix`, a slash with a combining mark behind it is another character.
        if address.hasPrefix("#") || address.hasPrefix("?") { return true }
        if address.utf8.first == UInt8(ascii: "/") { return !address.utf8.starts(with: "//".utf8) }
        return address.hasPrefix("https://") || address.hasPrefix("http://")
    }
}

// MARK: - Names

extension Attribute {
    static func id(_ id: String) -> Attribute { Attribute("id", id) }
    static func `class`(_ names: String) -> Attribute { Attribute("class", names) }
    static func lang(_ tag: String) -> Attribute { Attribute("lang", tag) }
    static func title(_ text: String) -> Attribute { Attribute("title", text) }
    static func role(_ role: String) -> Attribute { Attribute("role", role) }
    static func datetime(_ instant: String) -> Attribute { Attribute("datetime", instant) }
    static func content(_ text: String) -> Attribute { Attribute("content", text) }
    static func rel(_ relation: String) -> Attribute { Attribute("rel", relation) }

    static func type(_ type: String) -> Attribute { Attribute("type", type) }
    static func name(_ name: String) -> Attribute { Attribute("name", name) }
    static func value(_ value: String) -> Attribute { Attribute("value", value) }
    static func `for`(_ id: String) -> Attribute { Attribute("for", id) }
    static func autocomplete(_ hint: String) -> Attribute { Attribute("autocomplete", hint) }
    static func min(_ value: String) -> Attribute { Attribute("min", value) }
    static func max(_ value: String) -> Attribute { Attribute("max", value) }

    /// Forms here change something, so they are sent by POST; a link does for the rest.
    static let post = Attribute("method", "post")
    static let required = Attribute("required")
    static let hidden = Attribute("hidden")
    static let autofocus = Attribute("autofocus")
    static let `defer` = Attribute("defer")
    /// Leaves the judgement to the server, whose messages stand beside the field and are read out.
    static let noValidate = Attribute("novalidate")
    static func checked(_ isChecked: Bool) -> Attribute { Attribute("checked", if: isChecked) }
    static func selected(_ isSelected: Bool) -> Attribute { Attribute("selected", if: isSelected) }

    /// The elements that describe this one, for a screen reader; nothing if there are none.
    static func describedBy(_ ids: [String]) -> Attribute {
        ids.isEmpty ? .none : Attribute("aria-describedby", ids.joined(separator: " "))
    }
}
