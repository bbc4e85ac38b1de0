/// A route's path: literal segments, and `:name` segments that match any one segment.
struct RoutePattern: Sendable {
    enum Segment: Sendable, Hashable {
        case literal(String)
        case parameter(String)
    }

    /// The pattern as written.
    let text: String
    /// The segments between the slashes; none for `/`.
    let segments: [Segment]

    /// Parses a pattern: `/`, or segments that each stand behind a `/`.
    ///
    /// A literal segment is visible ASCII in its decoded form, so that `%`, `?`, `#` and dot segments, which never
    /// reach a router, are mistakes here. A name is made of ASCII letters, digits and `_`, and is used once.
    init?(_ text: String) {
        guard text.utf8.first == 0x2F else { return nil }
        self.text = text
        if text.utf8.count == 1 {
            segments = []
            return
        }
        var segments: [Segment] = []
        var names: Set<String> = []
        for part in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            if part.utf8.first == 0x3A {
                let name = String(part.dropFirst())
                guard !name.isEmpty, name.utf8.allSatisfy(Self.isNameByte), names.insert(name).inserted else {
                    return nil
                }
                segments.append(.parameter(name))
            } else {
                guard !part.isEmpty, part != ".", part != "..", part.utf8.allSatisfy(Self.isLiteralByte)
                else {
                    return nil
                }
                segments.append(.literal(String(part)))
            }
        }
        self.segments = segments
    }

    /// The names of the `:name` segments, in order.
    var parameterNames: [String] {
        segments.compactMap { if case .parameter(let name) = $0 { name } else { nil } }
    }

    /// The pattern without its names: two patterns of one shape match the same paths.
    var shape: String {
        segments.isEmpty
            ? "/"
            : segments.map { if case .literal(let text) = $0 { "/" + text } else { "/:" } }.joined()
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte == 0x5F || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }

    private static func isLiteralByte(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && !"\"#%*:<>?\\^`{|}".utf8.contains(byte)
    }
}
