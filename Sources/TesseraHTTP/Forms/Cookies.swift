/// The cookies of a request in order, including repetitions (RFC 6265bis §4.2).
///
/// A malformed pair is skipped, not refused: another program on the same host may have set it, and must not be able to
/// lock people out of this one.
public struct Cookies: Sendable {
    /// The name and the value of each cookie as sent. Quotation marks around a value belong to it.
    public let pairs: [(name: String, value: String)]

    /// More cookies than any browser keeps for one host.
    private static let maximumPairs = 256

    /// Parses the values of all `Cookie` fields of a request as one list. If there are more than 256 cookies, all are
    /// ignored.
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

    /// Returns the values with this name, in order.
    public func values(of name: String) -> [String] {
        pairs.filter { $0.name.utf8.elementsEqual(name.utf8) }.map(\.value)
    }

    /// Returns the value of a cookie that occurs exactly once, and otherwise `nil`.
    ///
    /// If a name is repeated, another party, such as a neighbouring host, has set one of the cookies and can influence
    /// their order. None of them is trusted.
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

/// The grammar of a cookie, RFC 6265bis §4.1.1.
enum CookieGrammar {
    static func isName(_ bytes: some Collection<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy(CharacterClass.isTokenByte)
    }

    /// Reports whether the bytes are `*cookie-octet`, with or without quotation marks.
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
