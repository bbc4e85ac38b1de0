extension PendingBytes {
    /// Writes the status line, the response's fields and `Date`; the fields about framing follow from elsewhere.
    mutating func appendHead(_ response: Response, date: [UInt8]) {
        append("HTTP/1.1 ")
        append(decimal: response.status.code)
        append(0x20)
        append(response.status.reason)
        append("\r\n")
        append(
            response.fields.hasEngineFields
                ? response.fields.withoutEngineFields.bytes : response.fields.bytes)
        if let shared = response.shared { append(shared.bytes) }
        if let id = response.id {
            append("X-Request-ID: ")
            append(hexadecimal: id.value)
            append("\r\n")
        }
        append("Date: ")
        append(date)
        append("\r\n")
    }

    /// Appends sixteen hexadecimal digits.
    mutating func append(hexadecimal number: UInt64) {
        for nibble in 0..<16 {
            let digit = UInt8(truncatingIfNeeded: number >> UInt64(60 - 4 * nibble) & 0xF)
            append(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
    }

    /// Appends a number that is not negative, in hexadecimal digits.
    mutating func append(hexadecimal number: Int) {
        if number >= 16 { append(hexadecimal: number / 16) }
        let digit = UInt8(number % 16)
        append(digit < 10 ? 0x30 + digit : 0x61 + digit - 10)
    }
}

extension Fields {
    /// The fields that only the engine may write, since a second opinion about them would be request smuggling in
    /// the other direction.
    private static let engineFields: [FieldName] = [
        .contentLength, .transferEncoding, .connection, .date, "Keep-Alive", "Upgrade",
    ]

    /// Whether a handler has set one of them.
    fileprivate var hasEngineFields: Bool {
        for entry in entries {
            switch entry.nameLength {
            case 4, 7, 10, 14, 17: if Self.engineFields.contains(where: { count(of: $0) > 0 }) { return true }
            default: continue
            }
        }
        return false
    }

    fileprivate var withoutEngineFields: Fields {
        var fields = self
        for name in Self.engineFields { fields.remove(name) }
        return fields
    }
}
