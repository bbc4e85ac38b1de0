/// The media types that a client accepts, RFC 9110 §12.5.1.
public struct Accept: Sendable {
    /// One media range with its weight.
    private struct Range: Sendable {
        var type: String
        var subtype: String
        var parameters: [MediaType.Parameter]
        /// The weight in thousandths.
        var quality: Int

        /// The specificity with which the range matches the offer; `nil` if it does not match.
        func specificity(for offer: MediaType) -> Int? {
            if type == "*" { return 0 }
            guard type == offer.type else { return nil }
            if subtype == "*" { return 1 }
            guard subtype == offer.subtype, parameters.allSatisfy(offer.parameters.contains) else {
                return nil
            }
            return 2 + parameters.count
        }
    }

    /// The ranges; empty if the client has no preference.
    private let ranges: [Range]

    /// Parses the values of all `Accept` fields of a request as one list.
    ///
    /// A malformed list is ignored: it is no reason to refuse a response.
    ///
    /// - Parameter values: The field values, in order.
    public init(parsing values: [String]) {
        ranges = Self.parse(values.joined(separator: ", ")) ?? []
    }

    /// Chooses the offer with the highest weight, the first of equals.
    ///
    /// - Parameter offers: The types that the program can produce, best first.
    /// - Returns: `nil` if the client accepts none of them; the first one if it has no preference.
    public func choose(from offers: MediaType...) -> MediaType? {
        if ranges.isEmpty { return offers.first }
        var best: (offer: MediaType, quality: Int)?
        for offer in offers {
            let quality = quality(of: offer)
            if quality > best?.quality ?? 0 { best = (offer, quality) }
        }
        return best?.offer
    }

    /// The weight of a type in thousandths, or 0 if it is not accepted. The most specific matching range decides.
    public func quality(of offer: MediaType) -> Int {
        if ranges.isEmpty { return 1000 }
        var best: (specificity: Int, quality: Int)?
        for range in ranges {
            guard let specificity = range.specificity(for: offer), specificity > best?.specificity ?? -1
            else {
                continue
            }
            best = (specificity, range.quality)
        }
        return best?.quality ?? 0
    }

    private static func parse(_ text: String) -> [Range]? {
        var scanner = FieldScanner(text)
        return scanner.list(parseRange)
    }

    private static func parseRange(_ scanner: inout FieldScanner) -> Range? {
        guard let type = scanner.token()?.lowercased(), scanner.skip(0x2F),
            let subtype = scanner.token()?.lowercased(), type != "*" || subtype == "*",
            var parameters = scanner.parameters()
        else { return nil }
        var quality = 1000
        if let index = parameters.firstIndex(where: { $0.name == "q" }) {
            guard let weight = parseQuality(parameters[index].value) else { return nil }
            quality = weight
            parameters.removeSubrange(index...)
        }
        return Range(type: type, subtype: subtype, parameters: parameters, quality: quality)
    }

    /// Parses `0` to `1` with up to three decimals (RFC 9110 §12.4.2), in thousandths.
    private static func parseQuality(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, first == 0x30 || first == 0x31, bytes.count <= 5,
            bytes.count == 1 || bytes[1] == 0x2E
        else { return nil }
        var quality = Int(first - 0x30) * 1000
        var place = 100
        for byte in bytes.dropFirst(2) {
            guard (0x30...0x39).contains(byte) else { return nil }
            quality += Int(byte - 0x30) * place
            place /= 10
        }
        return quality <= 1000 ? quality : nil
    }
}

extension Request {
    /// The media types that the client accepts.
    public var accept: Accept { Accept(parsing: fields.values(of: .accept)) }
}
