/// The origin of a page: scheme, host and port, as browsers write them in `Origin` (RFC 6454 §6.2).
public struct Origin: Sendable, Hashable, CustomStringConvertible {
    /// The serialisation, such as `https://app.example`, `http://127.0.0.1:8080` or `capacitor://localhost`.
    public let text: String
    /// Indicates an http or https origin, that is, a web site. Apps and browser extensions have their own schemes.
    public let isWeb: Bool

    /// Parses a serialised origin: `scheme://host`, with a port unless it is the scheme's default.
    ///
    /// Accepts exactly the texts that browsers and apps send: a lowercase scheme; no path, no user, neither `*` nor
    /// `null`. The host of a web site is lowercase. The host of an app or an extension is its name, as in
    /// `chrome-extension://abcdefghijklmnopabcdefghijklmnop`; Safari writes it in upper case. Schemes whose pages have
    /// an opaque origin, such as `file` and `data`, are refused.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let schemeEnd = bytes.firstIndex(of: 0x3A), bytes[schemeEnd...].starts(with: "://".utf8),
            Self.isScheme(bytes[..<schemeEnd])
        else { return nil }
        let scheme = String(decoding: bytes[..<schemeEnd], as: UTF8.self)
        let defaultPort = ["http": "80", "https": "443"][scheme]
        isWeb = defaultPort != nil
        let start = schemeEnd + 3
        var hostEnd = start
        if isWeb, start < bytes.count, bytes[start] == 0x5B {
            guard let bracket = bytes[start...].firstIndex(of: 0x5D), bracket > start + 2,
                bytes[(start + 1)..<bracket].allSatisfy(Self.isIPv6Byte)
            else { return nil }
            hostEnd = bracket + 1
        } else {
            while hostEnd < bytes.count,
                isWeb ? Self.isHostByte(bytes[hostEnd]) : Self.isNameByte(bytes[hostEnd])
            {
                hostEnd += 1
            }
            guard hostEnd > start, hostEnd - start <= 253 else { return nil }
        }
        if hostEnd < bytes.count {
            guard bytes[hostEnd] == 0x3A else { return nil }
            let digits = bytes[(hostEnd + 1)...]
            let port = String(decoding: digits, as: UTF8.self)
            guard (1...5).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
                digits.first != 0x30, UInt16(port) != nil, port != defaultPort
            else { return nil }
        }
        self.text = text
    }

    /// The serialised origin.
    public var description: String { text }

    /// Schemes whose pages have an opaque origin, which browsers write as `null` (WHATWG URL, "origin"), and schemes
    /// without pages.
    private static let schemesWithoutOrigins = [
        "about", "blob", "data", "file", "filesystem", "ftp", "javascript", "mailto", "ws", "wss",
    ]

    /// The grammar of RFC 3986 §3.1 in lower case, with at most 32 characters.
    private static func isScheme(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, (0x61...0x7A).contains(first), bytes.count <= 32 else { return false }
        return bytes.allSatisfy { isHostByte($0) && $0 != 0x5F || $0 == 0x2B }
            && !schemesWithoutOrigins.contains(String(decoding: bytes, as: UTF8.self))
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool { isHostByte(byte) || (0x41...0x5A).contains(byte) }

    private static func isIPv6Byte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x66, 0x3A, 0x2E: true
        default: false
        }
    }
}
