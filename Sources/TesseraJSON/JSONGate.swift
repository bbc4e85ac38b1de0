/// What JSON is let through: strictly RFC 8259, in UTF-8, and not more than a server can be asked to take.
///
/// Refused beyond the grammar: a byte order mark (§8.1), half a surrogate pair (§8.2), and a member named
/// twice in one object, in any spelling of its escapes (§4) — readers differ in which one they believe.
public struct JSONGate: Sendable, Hashable {
    /// How many arrays and objects may stand inside one another; default 32. `[[]]` has two.
    public let maxDepth: Int
    /// How many bytes there may be; default 1 MiB.
    public let maxBytes: Int

    /// A gate with these limits. `maxDepth` is at most 256, for the sake of small stacks.
    public init(maxDepth: Int = 32, maxBytes: Int = 1_048_576) {
        precondition((0...256).contains(maxDepth), "a gate lets at most 256 levels through")
        self.maxDepth = maxDepth
        self.maxBytes = maxBytes
    }

    /// 32 levels, 1 MiB.
    public static let standard = JSONGate()

    /// Checks that `bytes` are one JSON value within the limits.
    ///
    /// - Throws: ``JSONViolation`` for the first thing that is wrong.
    public func check(_ bytes: [UInt8]) throws(JSONViolation) {
        try check(bytes.span)
    }

    /// Checks that `bytes` are one JSON value within the limits, without copying them.
    ///
    /// - Throws: ``JSONViolation`` for the first thing that is wrong.
    public func check(_ bytes: Span<UInt8>) throws(JSONViolation) {
        _ = try read(bytes, keepsValues: false)
    }

    func read(_ bytes: Span<UInt8>, keepsValues: Bool) throws(JSONViolation) -> JSONValue {
        guard bytes.count <= maxBytes else { throw JSONViolation(reason: .tooLarge, offset: maxBytes) }
        do {
            _ = try UTF8Span(validating: bytes)
        } catch {
            throw JSONViolation(reason: .invalidUTF8, offset: error.byteOffsets.lowerBound)
        }
        return try bytes.withUnsafeBufferPointer { (bytes) throws(JSONViolation) in
            var parser = JSONParser(bytes: bytes, maxDepth: maxDepth, keepsValues: keepsValues)
            return try parser.text()
        }
    }
}
