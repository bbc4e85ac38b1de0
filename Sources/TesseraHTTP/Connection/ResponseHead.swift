extension ByteCursor {
    /// Stores the status line, the response's fields and `Date`. The connection adds the framing fields.
    mutating func putHead(_ response: Response, date: [UInt8]) {
        put("HTTP/1.1 ")
        put(decimal: response.status.code)
        put(0x20)
        put(response.status.reason)
        put("\r\n")
        put(response.fields.bytes)
        if let shared = response.shared { put(shared.fields.bytes) }
        if let id = response.id {
            put("X-Request-ID: ")
            put(hexadecimal: id.value)
            put("\r\n")
        }
        put("Date: ")
        put(date)
        put("\r\n")
    }
}

extension Response {
    /// The largest possible size of the head in bytes, including the fields that the engine adds.
    var headCapacity: Int {
        fields.bytes.count + (shared?.fields.bytes.count ?? 0) + status.reason.utf8CodeUnitCount + 256
    }

    /// Indicates that the response contains fields that only the engine may write.
    var hasEngineFields: Bool {
        guard fields.signature & Self.engineSignature != 0 else { return false }
        for name in Self.engineFields where fields.contains(name) { return true }
        return false
    }

    /// The response without the fields that only the engine may write. Contradictory framing fields would allow
    /// response smuggling.
    var withoutEngineFields: Response {
        var response = self
        for name in Self.engineFields { response.fields.remove(name) }
        return response
    }

    private static let engineFields: [FieldName] = [
        .contentLength, .transferEncoding, .connection, .date, "Keep-Alive", "Upgrade",
    ]
    private static let engineSignature = engineFields.reduce(0) { $0 | $1.signature }
}
