/// The cookies of a request, in order, repetitions included (RFC 6265bis §4.2).
///
/// A pair that breaks the grammar is left out rather than refused: another program on the same host may have set
/// it, and must not lock people out of this one.
public struct Cookies: Sendable {
    /// Name and value as sent; quotes around a value are part of it.
    public let pairs: [(name: String, value: String)]

    /// More cookies than any browser keeps for one host.
    private static let maximumPairs = 256

    /// Parses the values of all `Cookie` fields of a request as one list. Of more than 256 cookies none counts.
    ///
    /// - Parameter values: The field values, in order.
    public init(parsing values: [String]) {
        var pairs: [(name: String, value: String)] = []
        for value in values {
            for part in value.utf8.split(separator: 0x3B) {
                guard let pair = Self.parse(part) else { continue }
                guard pairs.count < Self.maximumPairs else {
                    self.pairs = []
                    return
                }
                pairs.append(pair)
            }
        }
        self.pairs = pairs
    }

    /// The values of this name, in order.
    public func values(of name: String) -> [String] {
        pairs.filter { $0.name.utf8.elementsEqual(name.utf8) }.map(\.value)
    }

    /// The value of a cookie that is there exactly once, else `nil`.
    ///
    /// Several of one name mean that someone else, such as a neighbouring host, has set one too. Which comes first
    /// is up to them, so none is taken.
    public func single(_ name: String) -> String? {
        let values = values(of: name)
        return values.count == 1 ? values[0] : nil
    }

    private static func parse(_ part: Substring.UTF8View) -> (name: String, value: String)? {
        var part = part.drop { $0 == 0x20 || $0 == 0x09 }
        while let last = part.last, last == 0x20 || last == 0x09 { part.removeLast() }
        guard let separator = part.firstIndex(of: 0x3D) else { return nil }
        let name = part[..<separator]
        let value = part[part.index(after: separator)...]
        guard CookieGrammar.isName(name), CookieGrammar.isValue(value) else { return nil }
        return (String(Substring(name)), String(Substring(value)))
    }
}

extension Request {
    /// The cookies of all `Cookie` fields.
    public var cookies: Cookies { Cookies(parsing: fields.values(of: .cookie)) }
}

/// What a cookie's parts may consist of, RFC 6265bis §4.1.1.
enum CookieGrammar {
    static func isName(_ bytes: some Collection<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy(CharacterClass.isTokenByte)
    }

    /// `*cookie-octet`, with or without quotes around it.
    static func isValue(_ bytes: some BidirectionalCollection<UInt8>) -> Bool {
        if bytes.count >= 2, bytes.first == 0x22, bytes.last == 0x22 {
            return bytes.dropFirst().dropLast().allSatisfy(isOctet)
        }
        return bytes.allSatisfy(isOctet)
    }

    private static func isOctet(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21, 0x23...0x2B, 0x2D...0x3A, 0x3C...0x5B, 0x5D...0x7E: true
        default: false
        }
    }
}
