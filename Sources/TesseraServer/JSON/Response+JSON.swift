public import TesseraHTTP
public import TesseraJSON

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
