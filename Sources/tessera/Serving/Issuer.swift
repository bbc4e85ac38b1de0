import TesseraHTTP

/// The address under which people and programs reach the server: an http or https URL without a slash at the end.
///
/// Compared by programs byte for byte (RFC 8414 §3.3), so that nothing is normalised: what could be written in two ways
/// is refused.
struct Issuer: Sendable, Hashable {
    let text: String

    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let scheme = text.range(of: "://") else { return nil }
        let authorityEnd = text[scheme.upperBound...].firstIndex(of: "/") ?? text.endIndex
        guard Origin(String(text[..<authorityEnd]))?.isWeb == true, bytes.last != UInt8(ascii: "/") else {
            return nil
        }
        guard text[authorityEnd...].utf8.allSatisfy(Self.isPathByte) else { return nil }
        let segments = text[authorityEnd...].split(separator: "/", omittingEmptySubsequences: false)
            .dropFirst()
        guard !segments.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else { return nil }
        self.text = text
    }

    /// What a server that listens there is called if nothing else was said.
    init(listening address: ListenAddress, isSecure: Bool) {
        let scheme = isSecure ? "https" : "http"
        switch address {
        case .tcp: text = "\(scheme)://\(address)"
        case .unix: text = "\(scheme)://localhost"
        }
    }

    /// The unreserved characters of RFC 3986 §2.3, and the slash.
    private static func isPathByte(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || [0x2D, 0x2E, 0x2F, 0x5F, 0x7E].contains(byte)
    }
}

extension ArgumentKind<Issuer> {
    static var issuer: ArgumentKind {
        ArgumentKind(
            "URL", "an http or https URL without a slash at the end, such as https://tokens.example.com"
        ) {
            Issuer($0)
        }
    }
}

extension String {
    fileprivate func range(of text: String) -> Range<Index>? {
        indices.first { self[$0...].hasPrefix(text) }.map { $0..<index($0, offsetBy: text.count) }
    }
}
