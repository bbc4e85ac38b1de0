public import TesseraHTTP

/// The address under which people and programs reach the server: an http or https URL without a slash at the end.
///
/// Compared by programs byte for byte (RFC 8414 §3.3), so that nothing is normalised: what could be written in two ways
/// is refused.
public struct Issuer: Sendable, Hashable {
    /// The URL.
    public let text: String

    /// - Parameter text: The URL; `nil` for a text that is none, or could be written in another way.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        // An origin may have other schemes, such as those of apps.
        guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else { return nil }
        let authorityEnd = text.dropFirst(scheme.count).firstIndex(of: "/") ?? text.endIndex
        guard Origin(String(text[..<authorityEnd])) != nil, bytes.last != UInt8(ascii: "/") else {
            return nil
        }
        guard text[authorityEnd...].utf8.allSatisfy(Self.isPathByte) else { return nil }
        let segments = text[authorityEnd...].split(separator: "/", omittingEmptySubsequences: false)
            .dropFirst()
        guard !segments.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else { return nil }
        self.text = text
    }

    /// The issuer of a server that was given none: the address at which a program on its own machine reaches it.
    public init(listening address: ListenAddress, isSecure: Bool) {
        let scheme = isSecure ? "https" : "http"
        switch address {
        case .tcp: text = "\(scheme)://\(address.onThisMachine)"
        case .unix: text = "\(scheme)://localhost"
        }
    }

    /// The unreserved characters of RFC 3986 §2.3, and the slash.
    private static func isPathByte(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || [0x2D, 0x2E, 0x2F, 0x5F, 0x7E].contains(byte)
    }
}
