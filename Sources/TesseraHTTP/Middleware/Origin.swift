/// Where a page comes from: scheme, host and port, as browsers write it in `Origin` (RFC 6454 §6.2).
public struct Origin: Sendable, Hashable, CustomStringConvertible {
    /// The serialisation, such as `https://app.example` or `http://127.0.0.1:8080`.
    public let text: String

    /// Parses a serialised origin of http or https.
    ///
    /// Only what a browser would send is taken: lower case, no default port, no path, not `*` and not `null`.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        let defaultPort: String
        let start: Int
        if bytes.starts(with: "https://".utf8) {
            (start, defaultPort) = (8, "443")
        } else if bytes.starts(with: "http://".utf8) {
            (start, defaultPort) = (7, "80")
        } else {
            return nil
        }
        var hostEnd = start
        if start < bytes.count, bytes[start] == 0x5B {
            guard let bracket = bytes[start...].firstIndex(of: 0x5D), bracket > start + 2,
                bytes[(start + 1)..<bracket].allSatisfy(Self.isIPv6Byte)
            else { return nil }
            hostEnd = bracket + 1
        } else {
            while hostEnd < bytes.count, Self.isHostByte(bytes[hostEnd]) { hostEnd += 1 }
            guard hostEnd > start else { return nil }
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

    public var description: String { text }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }

    private static func isIPv6Byte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x66, 0x3A, 0x2E: true
        default: false
        }
    }
}
