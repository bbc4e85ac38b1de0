public import TesseraHTTP
public import TesseraJSON
public import TesseraTime

extension Request {
    /// Reads a body of JSON, strictly.
    ///
    /// - Parameters:
    ///   - limit: The largest accepted size in bytes.
    ///   - mediaType: What the body must be declared as.
    /// - Throws: ``HTTPError`` 415 for another media type and 413 for a body that is too large; `JSONViolation` for
    ///   anything that is not RFC 8259 JSON or deeper than 32.
    public func json(upTo limit: Int = 64 * 1024, as mediaType: MediaType = .json) async throws -> JSONValue {
        try requireMediaType(mediaType)
        return try JSONValue.parse(try await body.collect(upTo: limit))
    }

    /// Reads a body of JSON, strictly, if there is one. A request without a body need not declare a type.
    ///
    /// - Parameters:
    ///   - limit: The largest accepted size in bytes.
    ///   - mediaType: What a body must be declared as.
    /// - Returns: `nil` for an empty body.
    /// - Throws: As ``json(upTo:as:)`` does.
    public func jsonIfAny(
        upTo limit: Int = 64 * 1024, as mediaType: MediaType = .json
    ) async throws -> JSONValue? {
        let bytes = try await body.collect(upTo: limit)
        if bytes.isEmpty { return nil }
        try requireMediaType(mediaType)
        return try JSONValue.parse(bytes)
    }
}

extension Response {
    /// An answer of JSON.
    public static func json(
        _ status: Status = .ok, fields: Fields = Fields(), _ write: (inout JSONWriter) throws -> Void
    ) rethrows -> Response {
        let bytes = try JSONWriter.bytes(write)
        var all = jsonType
        all.append(contentsOf: fields)
        return Response(status, fields: all, body: .bytes(bytes))
    }

    /// Made once: nearly every answer to a program begins with it.
    private static let jsonType: Fields = [.contentType: "application/json"]
}

extension MemberKind<NumericDate> {
    /// An instant as RFC 3339 writes it.
    public static var instant: Self {
        MemberKind("must be an instant such as 2027-01-31T12:00:00Z") {
            $0.string.flatMap { NumericDate(rfc3339: $0) }
        }
    }
}
