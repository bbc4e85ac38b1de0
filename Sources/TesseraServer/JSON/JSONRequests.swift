public import TesseraCore
public import TesseraHTTP
public import TesseraJSON
import TesseraText
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

extension MemberKind<String> {
    /// A name (`NameText`) in the form in which it is kept, for a member whose schema is `JSONSchema.name`.
    public static func name(_ length: ClosedRange<Int>) -> Self {
        MemberKind(
            "must have \(length.lowerBound) to \(length.upperBound) characters, all of them visible, and not be blank"
        ) { value in value.string.flatMap { NameText($0, limit: TextLimit(length))?.text } }
    }
}

extension MemberKind<EmailAddress> {
    /// An address, for a member whose schema is `JSONSchema.email`.
    public static var emailAddress: Self {
        MemberKind("must be an e-mail address") { $0.string.flatMap { EmailAddress($0) } }
    }
}
