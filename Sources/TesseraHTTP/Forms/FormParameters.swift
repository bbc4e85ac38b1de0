/// The parameters of a form or a query in order, including repetitions.
///
/// Names are compared as bytes.
public struct FormParameters: Sendable {
    /// The decoded pairs, as sent.
    public let pairs: [(name: String, value: String)]

    /// Parses `application/x-www-form-urlencoded` bytes strictly.
    ///
    /// `+` is a space, a name without `=` has an empty value, and an empty part between two `&` is skipped. Malformed
    /// input is never repaired.
    ///
    /// - Parameters:
    ///   - bytes: The encoded text; the caller has limited its size.
    ///   - limit: The largest accepted number of pairs.
    /// - Throws: ``FormError`` if the text is malformed, not UTF-8, contains NUL, or has too many pairs.
    public init(parsing bytes: [UInt8], maximumPairs limit: Int = 200) throws(FormError) {
        var pairs: [(name: String, value: String)] = []
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x26) ?? bytes.count
            if end > start {
                guard pairs.count < limit else { throw .tooManyPairs(limit: limit) }
                let separator = bytes[start..<end].firstIndex(of: 0x3D) ?? end
                let name = try FormEncoding.decode(bytes, in: start..<separator)
                let value = try FormEncoding.decode(bytes, in: min(separator + 1, end)..<end)
                pairs.append((name, value))
            }
            start = end + 1
        }
        self.pairs = pairs
    }

    /// Returns the values with this name, in order.
    public func values(of name: String) -> [String] {
        pairs.filter { $0.name.utf8.elementsEqual(name.utf8) }.map(\.value)
    }

    /// Returns the value of a parameter that may occur at most once; `nil` if it is absent.
    ///
    /// - Throws: ``FormError/repeated(name:)``. Two programs that choose different repetitions can be played off
    ///   against each other, so neither the first nor the last is chosen.
    public func single(_ name: String) throws(FormError) -> String? {
        let values = values(of: name)
        guard values.count <= 1 else { throw .repeated(name: name) }
        return values.first
    }
}

extension Request {
    /// Parses the parameters of the query; there are none without a query.
    ///
    /// - Throws: ``HTTPError`` 400 if the query is malformed.
    public func queryParameters() throws(HTTPError) -> FormParameters {
        do throws(FormError) {
            return try FormParameters(parsing: Array((query ?? "").utf8))
        } catch {
            throw HTTPError(.badRequest, "The query is malformed. \(error)")
        }
    }

    /// Reads the body as a form.
    ///
    /// - Parameter limit: The largest accepted size in bytes.
    /// - Throws: ``HTTPError`` 415, before the body is read, if it is not a form; 400 if it is malformed; and the
    ///   errors of ``RequestBody/collect(upTo:)``.
    public func form(upTo limit: Int) async throws -> FormParameters {
        try requireMediaType(.form)
        let bytes = try await body.collect(upTo: limit)
        do throws(FormError) {
            return try FormParameters(parsing: bytes)
        } catch {
            throw HTTPError(.badRequest, "The form is malformed. \(error)")
        }
    }
}
