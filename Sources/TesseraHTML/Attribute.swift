/// One attribute of an element, with its value already escaped.
///
/// Names are literals and values are quoted, so a value can never end its attribute.
package struct Attribute: Sendable, Hashable {
    package let bytes: [UInt8]
    /// Where in ``bytes`` an address of this site begins; `nil` if there is none.
    package let address: Int?

    /// An attribute with a value.
    ///
    /// - Parameter isOfSite: Whether the value is a path of the service.
    package init(_ name: StaticString, _ value: String, isOfSite: Bool = false) {
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
    package init(_ name: StaticString, if isPresent: Bool = true) {
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
    package static let none = Attribute()

    /// The attribute if the condition holds.
    package static func when(_ condition: Bool, _ attribute: Attribute) -> Attribute {
        condition ? attribute : .none
    }
}

// MARK: - Addresses

extension Attribute {
    /// Where a link leads. An address that is not safe to follow is left out, which makes the link plain text.
    package static func href(_ address: String) -> Attribute { self.init(address: address, as: "href") }

    /// Where a form is sent. An address that is not safe is left out, so the form goes to its own page.
    package static func action(_ address: String) -> Attribute { self.init(address: address, as: "action") }

    /// Where a script or an image is read from.
    package static func src(_ address: String) -> Attribute { self.init(address: address, as: "src") }

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
    package static func id(_ id: String) -> Attribute { Attribute("id", id) }
    package static func `class`(_ names: String) -> Attribute { Attribute("class", names) }
    package static func lang(_ tag: String) -> Attribute { Attribute("lang", tag) }
    package static func title(_ text: String) -> Attribute { Attribute("title", text) }
    package static func role(_ role: String) -> Attribute { Attribute("role", role) }
    package static func datetime(_ instant: String) -> Attribute { Attribute("datetime", instant) }
    package static func content(_ text: String) -> Attribute { Attribute("content", text) }
    package static func rel(_ relation: String) -> Attribute { Attribute("rel", relation) }

    package static func type(_ type: String) -> Attribute { Attribute("type", type) }
    package static func name(_ name: String) -> Attribute { Attribute("name", name) }
    package static func value(_ value: String) -> Attribute { Attribute("value", value) }
    package static func `for`(_ id: String) -> Attribute { Attribute("for", id) }
    package static func autocomplete(_ hint: String) -> Attribute { Attribute("autocomplete", hint) }
    package static func min(_ value: String) -> Attribute { Attribute("min", value) }
    package static func max(_ value: String) -> Attribute { Attribute("max", value) }

    /// Forms here change something, so they are sent by POST; a link does for the rest.
    package static let post = Attribute("method", "post")
    package static let required = Attribute("required")
    package static let hidden = Attribute("hidden")
    package static let autofocus = Attribute("autofocus")
    package static let `defer` = Attribute("defer")
    /// Leaves the judgement to the server, whose messages stand beside the field and are read out.
    package static let noValidate = Attribute("novalidate")
    package static func checked(_ isChecked: Bool) -> Attribute { Attribute("checked", if: isChecked) }
    package static func selected(_ isSelected: Bool) -> Attribute { Attribute("selected", if: isSelected) }

    /// The elements that describe this one, for a screen reader; nothing if there are none.
    package static func describedBy(_ ids: [String]) -> Attribute {
        ids.isEmpty ? .none : Attribute("aria-describedby", ids.joined(separator: " "))
    }
}
