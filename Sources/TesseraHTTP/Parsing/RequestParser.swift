/// A strict parser for the header of one request (RFC 9112). It determines exactly where the header ends and how the
/// body is delimited, or it refuses the request.
///
/// Each line is parsed once, when it is complete. Neither the result nor the cost depends on how the bytes are split
/// into reads. The parser stores no bytes: each call gets the same growing input.
struct RequestParser {
    private var lineStart = 0
    private var scanned = 0
    private var hasSkippedEmptyLine = false
    private var hasRequestLine = false

    private var method = Method.get
    private var target = RequestTarget(authority: nil, path: "/", query: nil)
    private var isHTTP10 = false
    private var fieldsStart = 0
    private var entries: [Fields.Entry] = []
    private var signature: UInt64 = 0

    private var host: Range<Int>?
    private var contentLength: Int?
    private var hasTransferEncoding = false
    private var hasAuthorization = false
    private var hasContentType = false
    private var cookieCount = 0
    private var wantsClose = false
    private var wantsKeepAlive = false
    private var expectsContinue = false

    /// Indicates that a byte of the request has arrived, apart from the empty line that may precede it.
    var hasBegun: Bool { scanned > 0 }

    /// Continues to parse.
    ///
    /// - Parameters:
    ///   - bytes: All bytes since the start of this request.
    ///   - settings: The limits and host names; the same for each call.
    /// - Returns: The header once it is complete; the parser is then ready for the next request.
    /// - Throws: ``HTTPError``; the connection must close after the response.
    mutating func advance(
        _ bytes: Span<UInt8>, _ settings: ConnectionSettings
    ) throws(HTTPError) -> RequestHead? {
        while let lineFeed = bytes.nextLineFeed(from: scanned) {
            guard lineFeed > lineStart, bytes[lineFeed - 1] == 0x0D else {
                throw refusal("A line does not end in CR LF.")
            }
            let line = lineStart..<(lineFeed - 1)
            lineStart = lineFeed + 1
            scanned = lineStart
            if !hasRequestLine {
                if line.isEmpty, !hasSkippedEmptyLine {
                    hasSkippedEmptyLine = true
                } else {
                    guard line.count <= settings.limits.requestLine else { throw targetTooLong }
                    try readRequestLine(bytes, line)
                    hasRequestLine = true
                    fieldsStart = lineStart
                    entries.reserveCapacity(8)
                }
            } else if line.isEmpty {
                return try finish(bytes, settings, fieldsEnd: line.lowerBound)
            } else {
                guard lineStart - fieldsStart <= settings.limits.headerBlock,
                    entries.count < settings.limits.fieldLines
                else {
                    throw headerTooLarge
                }
                try readField(bytes, line)
            }
        }
        scanned = bytes.count
        if hasRequestLine {
            guard bytes.count - fieldsStart <= settings.limits.headerBlock + 2 else { throw headerTooLarge }
        } else {
            guard bytes.count - lineStart <= settings.limits.requestLine + 1 else { throw targetTooLong }
        }
        return nil
    }

    /// The known parts of the present request, for a refusal.
    ///
    /// - Parameter bytes: The same bytes as for ``advance(_:_:)``.
    func refusedRequest(_ bytes: Span<UInt8>, _ settings: ConnectionSettings) -> RefusedRequest {
        guard hasRequestLine else { return RefusedRequest() }
        var origins: [Range<Int>] = []
        var start = fieldsStart
        while let lineFeed = bytes.nextLineFeed(from: start),
            lineFeed - fieldsStart <= settings.limits.headerBlock,
            lineFeed - start > 1
        {
            let name = start..<min(start + 7, lineFeed)
            if bytes.equalsIgnoringCase("origin:", name) { origins.append(name.upperBound..<lineFeed) }
            start = lineFeed + 1
        }
        guard origins.count == 1 else { return RefusedRequest(path: target.path) }
        var origin = origins[0]
        while let first = origin.first, bytes[first] == 0x20 || bytes[first] == 0x09 { origin.removeFirst() }
        while let last = origin.last, [0x20, 0x09, 0x0D].contains(bytes[last]) { origin.removeLast() }
        return RefusedRequest(path: target.path, origin: bytes.text(origin))
    }

    private func refusal(_ detail: String) -> HTTPError { HTTPError(.badRequest, detail) }
    private var targetTooLong: HTTPError { HTTPError(.uriTooLong, "The request line is too long.") }
    private var headerTooLarge: HTTPError {
        HTTPError(.requestHeaderFieldsTooLarge, "The header is too large or has too many fields.")
    }

    // MARK: Request line, RFC 9112 §3

    private mutating func readRequestLine(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(HTTPError) {
        var index = line.lowerBound
        while index < line.upperBound, CharacterClass.isTokenByte(bytes[index]) { index += 1 }
        guard index > line.lowerBound, index < line.upperBound, bytes[index] == 0x20 else {
            throw refusal("The request line does not begin with a method and a space.")
        }
        let methodRange = line.lowerBound..<index
        let targetStart = index + 1
        index = targetStart
        while index < line.upperBound, bytes[index] != 0x20 { index += 1 }
        guard index < line.upperBound else { throw refusal("The request line has no version.") }
        try readVersion(bytes, (index + 1)..<line.upperBound)
        method = try Self.knownMethod(bytes, methodRange)
        target = try RequestTarget.parse(bytes, targetStart..<index, method: method)
    }

    private mutating func readVersion(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(HTTPError) {
        guard range.count == 8, let version = bytes.packed(range) else {
            throw refusal("The request line does not end in an HTTP version.")
        }
        switch version {
        case 0x4854_5450_2F31_2E31: isHTTP10 = false
        case 0x4854_5450_2F31_2E30: isHTTP10 = true
        default:
            let isVersion =
                version >> 24 == 0x48_5454_502F && (0x30...0x39).contains(bytes[range.lowerBound + 5])
                && bytes[range.lowerBound + 6] == 0x2E && (0x30...0x39).contains(bytes[range.lowerBound + 7])
            guard isVersion else { throw refusal("The request line does not end in an HTTP version.") }
            throw HTTPError(.httpVersionNotSupported, "This server supports only HTTP/1.1 and HTTP/1.0.")
        }
    }

    private static func knownMethod(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(HTTPError) -> Method {
        switch bytes.packed(range) {
        case 0x47_4554: return .get
        case 0x4845_4144: return .head
        case 0x504F_5354: return .post
        case 0x50_5554: return .put
        case 0x50_4154_4348: return .patch
        case 0x4445_4C45_5445: return .delete
        case 0x4F_5054_494F_4E53: return .options
        case 0x54_5241_4345: return .trace
        case 0x51_5545_5259: return .query
        default: throw HTTPError(.notImplemented, "This server does not support the method.")
        }
    }

    // MARK: Fields, RFC 9112 §5

    private mutating func readField(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(HTTPError) {
        var index = line.lowerBound
        while index < line.upperBound, CharacterClass.isTokenByte(bytes[index]) { index += 1 }
        guard index > line.lowerBound, index < line.upperBound, bytes[index] == 0x3A else {
            throw refusal("A header line is not a field name followed by a colon.")
        }
        let name = line.lowerBound..<index
        guard bytes.areFieldValueBytes((index + 1)..<line.upperBound) else {
            throw refusal("A field value contains a control character.")
        }
        var start = index + 1
        var end = line.upperBound
        while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
        while start < end, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
        guard name.count <= UInt16.max else { throw headerTooLarge }
        entries.append(
            Fields.Entry(
                nameStart: UInt32(name.lowerBound - fieldsStart), valueStart: UInt32(start - fieldsStart),
                nameLength: UInt16(name.count), valueLength: UInt32(end - start)))
        signature |= FieldName.signature(length: name.count, first: bytes[name.lowerBound])
        try interpretField(bytes, name, start..<end, hasTrailingSpace: end < line.upperBound)
    }

    /// Records the fields that determine the framing, and refuses repetitions of fields that may occur only once.
    private mutating func interpretField(
        _ bytes: Span<UInt8>, _ name: Range<Int>, _ value: Range<Int>, hasTrailingSpace: Bool
    ) throws(HTTPError) {
        switch name.count {
        case 4 where bytes.equalsIgnoringCase("host", name):
            guard host == nil else { throw refusal("The request has two Host fields.") }
            guard URIAuthority.isValid(bytes, value) else {
                throw refusal("The Host field is not a valid host name.")
            }
            host = value
        case 6 where bytes.equalsIgnoringCase("cookie", name):
            cookieCount += 1
        case 6 where bytes.equalsIgnoringCase("expect", name):
            var position = value.lowerBound
            while let expectation = Self.nextElement(bytes, &position, value.upperBound) {
                guard bytes.equalsIgnoringCase("100-continue", expectation) else {
                    throw HTTPError(.expectationFailed, "The only supported expectation is 100-continue.")
                }
                expectsContinue = true
            }
        case 10 where bytes.equalsIgnoringCase("connection", name):
            readConnectionOptions(bytes, value)
        case 12 where bytes.equalsIgnoringCase("content-type", name):
            guard !hasContentType else { throw refusal("The request has two Content-Type fields.") }
            hasContentType = true
        case 13 where bytes.equalsIgnoringCase("authorization", name):
            guard !hasAuthorization else {
                throw HTTPError(
                    .badRequest, "The request has two Authorization fields.", culprit: .authorization)
            }
            hasAuthorization = true
        case 14 where bytes.equalsIgnoringCase("content-length", name):
            guard contentLength == nil else { throw refusal("The request has two Content-Length fields.") }
            guard !hasTrailingSpace, let length = Self.length(bytes, value) else {
                throw refusal("The Content-Length is not a number.")
            }
            contentLength = length
        case 17 where bytes.equalsIgnoringCase("transfer-encoding", name):
            guard !hasTransferEncoding else { throw refusal("The request has two Transfer-Encoding fields.") }
            guard bytes.equalsIgnoringCase("chunked", value) else {
                throw refusal("The only supported transfer coding is chunked.")
            }
            hasTransferEncoding = true
        default: break
        }
    }

    private static func length(_ bytes: Span<UInt8>, _ value: Range<Int>) -> Int? {
        guard (1...18).contains(value.count) else { return nil }
        var length = 0
        for index in value {
            guard (0x30...0x39).contains(bytes[index]) else { return nil }
            length = length * 10 + Int(bytes[index] - 0x30)
        }
        return length
    }

    /// Reads `close` and `keep-alive`; other options name fields that have no effect here (RFC 9110 §7.6.1).
    private mutating func readConnectionOptions(_ bytes: Span<UInt8>, _ value: Range<Int>) {
        var position = value.lowerBound
        while let option = Self.nextElement(bytes, &position, value.upperBound) {
            if bytes.equalsIgnoringCase("close", option) { wantsClose = true }
            if bytes.equalsIgnoringCase("keep-alive", option) { wantsKeepAlive = true }
        }
    }

    /// The next element of a list without surrounding white space; `nil` at the end. Skips empty elements (RFC 9110
    /// §5.6.1.2).
    private static func nextElement(_ bytes: Span<UInt8>, _ position: inout Int, _ end: Int) -> Range<Int>? {
        while position < end {
            var comma = position
            while comma < end, bytes[comma] != 0x2C { comma += 1 }
            var element = position..<comma
            position = comma + 1
            while let first = element.first, bytes[first] == 0x20 || bytes[first] == 0x09 {
                element.removeFirst()
            }
            while let last = element.last, bytes[last] == 0x20 || bytes[last] == 0x09 { element.removeLast() }
            if !element.isEmpty { return element }
        }
        return nil
    }

    // MARK: The complete header, RFC 9112 §3.2, §6.3

    private mutating func finish(
        _ bytes: Span<UInt8>, _ settings: ConnectionSettings, fieldsEnd: Int
    ) throws(HTTPError) -> RequestHead {
        try checkHost(bytes, settings)
        if hasTransferEncoding {
            guard contentLength == nil else {
                throw refusal("The request has both a Transfer-Encoding and a Content-Length field.")
            }
            guard !isHTTP10 else { throw refusal("HTTP/1.0 does not have Transfer-Encoding.") }
        }
        let framing: RequestHead.Framing =
            hasTransferEncoding ? .chunked : contentLength.flatMap { $0 > 0 ? .length($0) : nil } ?? .none
        defer { self = RequestParser() }
        // Moved, not copied.
        var entries: [Fields.Entry] = []
        swap(&entries, &self.entries)
        let fields = Fields(
            parsed: bytes.array(fieldsStart..<fieldsEnd), entries: entries, signature: signature)
        return RequestHead(
            request: Request(
                method, target.path, query: target.query,
                fields: cookieCount > 1 ? fields.joiningCookies() : fields),
            framing: framing, isHTTP10: isHTTP10,
            keepsAlive: !wantsClose && (!isHTTP10 || wantsKeepAlive),
            // RFC 9110 §10.1.1: an expectation has no effect in HTTP/1.0 or without a body.
            expectsContinue: expectsContinue && !isHTTP10 && framing != .none,
            length: fieldsEnd + 2)
    }

    private func checkHost(_ bytes: Span<UInt8>, _ settings: ConnectionSettings) throws(HTTPError) {
        guard let host else {
            guard isHTTP10, target.authority == nil else { throw refusal("The request has no Host field.") }
            return
        }
        if let authority = target.authority {
            // With two different names, a proxy might route the request by one while access is checked by the other.
            guard URIAuthority.isValid(bytes, authority), authority.count == host.count,
                zip(authority, host).allSatisfy({
                    ASCIICase.lowered(bytes[$0]) == ASCIICase.lowered(bytes[$1])
                })
            else { throw refusal("The target and the Host field name different hosts.") }
        }
        guard !settings.hosts.isEmpty else { return }
        let name = bytes.array(host).map(ASCIICase.lowered)
        let withoutPort = bytes.array(URIAuthority.host(bytes, host)).map(ASCIICase.lowered)
        guard settings.hosts.contains(name) || settings.hosts.contains(withoutPort) else {
            throw HTTPError(.misdirectedRequest, "This server does not serve that host.")
        }
    }
}

extension Fields {
    /// The same fields with all `Cookie` fields joined as in RFC 9113 §8.2.3.
    fileprivate func joiningCookies() -> Fields {
        var joined = Fields()
        var isFirst = true
        for (name, value) in self {
            let fieldName = FieldName(unchecked: name)
            if fieldName == .cookie {
                guard isFirst else { continue }
                isFirst = false
                joined.append(.cookie, values(of: .cookie).joined(separator: "; "))
            } else {
                joined.append(fieldName, value)
            }
        }
        return joined
    }
}
