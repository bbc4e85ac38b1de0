/// The target of a request line (RFC 9112 §3.2) with its path in one decoded form.
///
/// Ambiguous targets are refused, so that a proxy, the router and the access check all see the same path: encoded
/// slashes, dot segments and empty segments (encoded or not), control characters and NUL.
struct RequestTarget {
    /// The authority of a target in absolute form, as sent.
    var authority: Range<Int>?
    var path: String
    var query: String?

    /// Parses the target at `range` of `bytes`.
    ///
    /// - Throws: ``HTTPError`` 400 for a malformed or ambiguous target.
    static func parse(_ bytes: Span<UInt8>, _ range: Range<Int>, method: Method) throws(HTTPError)
        -> RequestTarget
    {
        guard !range.isEmpty else { throw Self.refusal("The request line has no target.") }
        var start = range.lowerBound
        var authority: Range<Int>?
        if bytes[start] != 0x2F {
            if range.count == 1, bytes[start] == 0x2A {
                guard method == .options else { throw Self.refusal("Only OPTIONS may have the target *.") }
                return RequestTarget(authority: nil, path: "*", query: nil)
            }
            guard let schemeLength = lengthOfScheme(bytes, range) else {
                throw Self.refusal("The target is neither a path nor an http URL.")
            }
            let authorityStart = start + schemeLength
            var end = authorityStart
            while end < range.upperBound, bytes[end] != 0x2F, bytes[end] != 0x3F { end += 1 }
            authority = authorityStart..<end
            start = end
        }
        var queryStart = start
        while queryStart < range.upperBound, bytes[queryStart] != 0x3F { queryStart += 1 }
        let path = start == queryStart ? "/" : try decodePath(bytes, start..<queryStart)
        guard queryStart < range.upperBound else {
            return RequestTarget(authority: authority, path: path, query: nil)
        }
        let query = try checkQuery(bytes, (queryStart + 1)..<range.upperBound)
        return RequestTarget(authority: authority, path: path, query: query)
    }

    private static func refusal(_ detail: String) -> HTTPError { HTTPError(.badRequest, detail) }

    /// The length of `http://` or `https://` at the start of the target; `nil` for neither.
    private static func lengthOfScheme(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        for scheme in ["http://", "https://"] as [StaticString]
        where bytes.equalsIgnoringCase(scheme, at: range.lowerBound, end: range.upperBound) {
            return scheme.utf8CodeUnitCount
        }
        return nil
    }

    private static func decodePath(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(HTTPError) -> String {
        var isPlain = true
        for index in range where !CharacterClass.isPathByte(bytes[index]) {
            guard bytes[index] == 0x25 else {
                throw refusal("The path contains a character that must be percent-encoded.")
            }
            isPlain = false
        }
        if isPlain {
            try checkSegments(bytes, range)
            return bytes.text(range)
        }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            if bytes[index] == 0x25 {
                let byte = try decodeTriplet(bytes, index, range.upperBound)
                guard byte >= 0x20, byte != 0x7F, byte != 0x2F, byte != 0x5C else {
                    throw refusal("The path contains an encoded slash, backslash or control character.")
                }
                decoded.append(byte)
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        try checkSegments(decoded.span, 0..<decoded.count)
        guard let path = String(validating: decoded, as: UTF8.self) else {
            throw refusal("The path is not UTF-8.")
        }
        return path
    }

    /// Refuses dot segments and empty segments, except for the last one, which a trailing slash leaves.
    private static func checkSegments(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(HTTPError) {
        guard bytes[range.lowerBound] == 0x2F else { throw refusal("The path does not begin with a slash.") }
        var start = range.lowerBound + 1
        for index in start...range.upperBound {
            guard index == range.upperBound || bytes[index] == 0x2F else { continue }
            let length = index - start
            if length == 0 {
                guard index == range.upperBound else { throw refusal("The path contains an empty segment.") }
            } else if length <= 2, bytes[start] == 0x2E, bytes[index - 1] == 0x2E {
                throw refusal("The path contains a dot segment.")
            }
            start = index + 1
        }
    }

    private static func checkQuery(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(HTTPError) -> String {
        var index = range.lowerBound
        while index < range.upperBound {
            if bytes[index] == 0x25 {
                guard try decodeTriplet(bytes, index, range.upperBound) != 0 else {
                    throw refusal("The query contains an encoded NUL.")
                }
                index += 3
            } else {
                guard CharacterClass.isQueryByte(bytes[index]) else {
                    throw refusal("The query contains a character that must be percent-encoded.")
                }
                index += 1
            }
        }
        return bytes.text(range)
    }

    private static func decodeTriplet(_ bytes: Span<UInt8>, _ index: Int, _ end: Int) throws(HTTPError)
        -> UInt8
    {
        guard index + 2 < end, let high = CharacterClass.hexadecimalValue(bytes[index + 1]),
            let low = CharacterClass.hexadecimalValue(bytes[index + 2])
        else { throw refusal("A % in the target is not followed by two hexadecimal digits.") }
        return high << 4 | low
    }
}
