/// The rules for accepted JSON: strictly RFC 8259 in UTF-8, within limits on depth and size.
///
/// Beyond the grammar, it refuses a byte order mark (§8.1), half of a surrogate pair (§8.2), and a repeated member name
/// in any spelling of its escapes (§4), because parsers differ in which repetition they use.
public struct JSONGate: Sendable, Hashable {
    /// The largest nesting depth of arrays and objects; default 32. `[[]]` has the depth 2.
    public let maxDepth: Int
    /// The largest number of bytes; default 1 MiB.
    public let maxBytes: Int

    /// Makes a gate with these limits. `maxDepth` is at most 256, so that small stacks suffice.
    public init(maxDepth: Int = 32, maxBytes: Int = 1_048_576) {
        precondition((0...256).contains(maxDepth), "a gate lets at most 256 levels through")
        self.maxDepth = maxDepth
        self.maxBytes = maxBytes
    }

    /// A gate for 32 levels and 1 MiB.
    public static let standard = JSONGate()

    /// Checks that `bytes` are one JSON value within the limits.
    ///
    /// - Throws: ``JSONViolation`` for the first problem.
    public func check(_ bytes: [UInt8]) throws(JSONViolation) {
        try check(bytes.span)
    }

    /// Checks that `bytes` are one JSON value within the limits, without copying them.
    ///
    /// - Throws: ``JSONViolation`` for the first problem.
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
