import TesseraText

/// The address that a person signs in with: `local@domain`.
///
/// Two spellings of one address are equal: they have the same ``key``. Not a full RFC 5322 grammar: one `@`, a local part of
/// letters, digits, other visible characters and dots (RFC 5321 §4.1.2, RFC 6531 §3.3), and the name of a domain. Quoted
/// local parts, comments and address literals are refused: each would be a second spelling of another address.
public struct EmailAddress: Sendable, Hashable, CustomStringConvertible {
    /// The address as the person typed it, in Unicode Normalization Form C, for showing it and for writing to it. A local part
    /// of ASCII is in lower case, and the domain has its one form with U-labels.
    public let text: String

    /// The one form of all spellings of the address, by which an account is found and compared.
    ///
    /// The local part has gone through full case folding (Unicode §3.13, D145), which depends on no language: `ß` is `ss`,
    /// and the final sigma is a sigma. The domain is that of ``text``. The key of an ASCII address is its text.
    public let key: String

    /// The address as versions of Tessera before this rule would have kept what was typed; `nil` when that is ``key``.
    let former: String?

    /// An address that may belong to a new account.
    ///
    /// - Parameter typed: The address as typed, in any spelling.
    public init?(_ typed: String) {
        guard typed.utf8.count <= Self.longestTyped, let (local, domain) = Self.parts(of: typed),
            let domain = DomainName(domain), Self.isLocalPart(local),
            let composed = Normalization.composed(local), let folded = Normalization.folded(local)
        else { return nil }
        let isASCII = composed.utf8.allSatisfy { $0 < 0x80 }
        text = "\(isASCII ? folded : composed)@\(domain.text)"
        key = isASCII ? text : "\(folded)@\(domain.text)"
        former = nil
        guard text.utf8.count <= Self.longest else { return nil }
    }

    /// An address with which a person says which account is theirs.
    ///
    /// Accepts what ``init(_:)`` does, and addresses that only an earlier version gave to an account.
    ///
    /// - Parameter typed: The address as typed, in any spelling.
    public init?(of account: String) {
        let former = Self.former(account)
        if let address = EmailAddress(account) {
            text = address.text
            key = address.key
            self.former = former.flatMap { $0.utf8.elementsEqual(address.key.utf8) ? nil : $0 }
        } else if let former {
            text = former
            key = former
            self.former = nil
        } else {
            return nil
        }
    }

    /// An address as a store keeps it, which may be older than the present rule; `nil` for what never was one.
    ///
    /// - Parameter text: `nil` when the key is shown.
    package init?(storedKey key: String, text: String?) {
        guard key.utf8.contains(UInt8(ascii: "@")) else { return nil }
        self.key = key
        self.text = text ?? key
        former = nil
    }

    /// The text as a store keeps it beside the key; `nil` when the key says as much.
    ///
    /// Never `nil` beside a key that is not plain: a row without it comes from an earlier version (``UserStore/settleAddresses()``).
    package var storedText: String? {
        let isPlain = key.utf8.allSatisfy { $0 < 0x80 }
        return isPlain && text.utf8.elementsEqual(key.utf8) ? nil : text
    }

    /// The keys under which an account with this address may stand, in the order in which they are looked for.
    ///
    /// An account from before may stand under the spelling that was kept then. No other account has that as its key.
    package var keys: [String] { (former.map { [$0] } ?? []) + [key] }

    /// Two spellings of one address are equal.
    public static func == (left: EmailAddress, right: EmailAddress) -> Bool {
        // Nearly always the same text in the same place, which is seen at once; `elementsEqual` on strings asks for each byte
        // whether there is another.
        left.key.utf8.withContiguousStorageIfAvailable { left in
            right.key.utf8.withContiguousStorageIfAvailable { right in
                left.count == right.count
                    && (left.baseAddress == right.baseAddress || left.elementsEqual(right))
            }
        } == true
    }

    public func hash(into hasher: inout Hasher) {
        for byte in key.utf8 { hasher.combine(byte) }
    }

    public var description: String { text }

    // MARK: Rules

    /// Of the address in bytes — RFC 5321 §4.5.3.1.3.
    private static let longest = 254
    /// Of the address as typed, whose normalized form may be shorter.
    private static let longestTyped = 1_024

    private static func parts(of typed: String) -> (local: String, domain: String)? {
        let parts = typed.unicodeScalars.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        return (String(parts[0]), String(parts[1]))
    }

    private static func isLocalPart(_ text: String) -> Bool {
        // A mark at the beginning would belong to what stands before the address.
        guard let first = text.unicodeScalars.first, !isMark(first) else { return false }
        return VisibleText.isVisible(text)
            && !text.unicodeScalars.contains { $0.properties.isWhitespace || specials.contains($0) }
    }

    /// `specials` of RFC 5322 §3.2.3 without the dot, and the other forms of the `@`.
    private static let specials = Set("()<>[]:;\\,\"\u{FF20}\u{FE6B}".unicodeScalars)

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    /// The address as earlier versions kept it: printable, one `@`, ASCII letters in lower case, by bytes otherwise.
    private static func former(_ typed: String) -> String? {
        let bytes = Array(typed.utf8)
        guard bytes.count <= longest, !bytes.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else { return nil }
        // U+0080–U+009F are control characters too; in UTF-8 they begin with C2 and stay below A0.
        guard !zip(bytes, bytes.dropFirst()).contains(where: { $0 == 0xC2 && $1 < 0xA0 }) else { return nil }
        let parts = bytes.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        return Normalization.lowercasedASCII(typed)
    }
}
