/// An entity tag, which identifies one state of a representation (RFC 9110 §8.8.3).
public struct EntityTag: Sendable, Hashable {
    /// The text between the quotation marks.
    let opaque: String
    let isWeak: Bool

    init(opaque: String, isWeak: Bool) {
        self.opaque = opaque
        self.isWeak = isWeak
    }

    /// Makes a strong tag; `nil` if the text contains a character that a tag cannot have, such as `"` or a space.
    ///
    /// - Parameter opaque: The text between the quotation marks.
    public init?(_ opaque: String) {
        guard opaque.utf8.allSatisfy(Self.isContent) else { return nil }
        self.init(opaque: opaque, isWeak: false)
    }

    /// The value of the `ETag` field.
    public var fieldValue: String { (isWeak ? "W/" : "") + "\"\(opaque)\"" }

    /// `etagc`, RFC 9110 §8.8.3.
    static func isContent(_ byte: UInt8) -> Bool { byte == 0x21 || byte >= 0x23 && byte != 0x7F }
}

extension Request {
    /// Checks `If-Match` against the present state by strong comparison (RFC 9110 §13.1.1). A malformed field matches
    /// nothing.
    ///
    /// - Parameter tag: The present state; `nil` for a resource without entity tags, which no list matches.
    /// - Throws: ``HTTPError`` 412 if the field does not match.
    public func requireMatch(of tag: EntityTag?) throws(HTTPError) {
        guard fields.count(of: .ifMatch) > 0 else { return }
        let value = fields.values(of: .ifMatch).joined(separator: ", ")
        if value == "*" { return }
        var scanner = FieldScanner(value)
        let named = scanner.list { $0.entityTag() } ?? []
        let isMatch = named.contains {
            !$0.isWeak && tag?.isWeak == false && $0.opaque.utf8.elementsEqual(tag?.opaque.utf8 ?? "".utf8)
        }
        guard isMatch else {
            throw HTTPError(.preconditionFailed, "If-Match does not match the current state.")
        }
    }

    /// Reports whether `If-None-Match` shows that the client already has this representation (RFC 9110 §13.1.2).
    ///
    /// Compares weakly. A malformed field is ignored, so that the client gets the representation again.
    public func hasCopy(of tag: EntityTag) -> Bool {
        let value = fields.values(of: .ifNoneMatch).joined(separator: ", ")
        if value == "*" { return true }
        var scanner = FieldScanner(value)
        return scanner.list { $0.entityTag() }?.contains { $0.opaque.utf8.elementsEqual(tag.opaque.utf8) }
            ?? false
    }
}
