extension TrustedProxies {
    /// The largest number of list elements that are read, starting with the last. No chain of proxies is longer.
    private static let longestChain = 32

    /// The client for which a trusted proxy made a request, by the fields `Forwarded` (RFC 7239 §4) and
    /// `X-Forwarded-For`.
    ///
    /// Each proxy appends the address of its own client, so a field is read from right to left while the addresses are
    /// trusted proxies. The first address that is not a trusted proxy is the client. Everything to the left of it was
    /// written by that client and is ignored. If the next element names no address (`unknown`, an obfuscated identifier
    /// or garbage), the result is the nearest trusted proxy.
    ///
    /// A proxy that writes one of the two fields may pass on the other as the client sent it. If both are present and
    /// name different clients, neither is trusted, and the result is `proxy`.
    ///
    /// - Parameter proxy: The trusted proxy that sent the request.
    func client(of fields: Fields, behind proxy: PeerAddress) -> PeerAddress {
        let standard = client(named: fields.values(of: .forwarded), behind: proxy, Self.standardNode)
        let usual = client(named: fields.values(of: .forwardedFor), behind: proxy, Self.usualNode)
        guard let standard, let usual else { return standard ?? usual ?? proxy }
        return standard.host == usual.host ? standard : proxy
    }

    /// Reads one of the two fields.
    ///
    /// - Parameter node: Reads the address of one list element.
    /// - Returns: `nil` if there is no list element.
    private func client(
        named values: [String], behind proxy: PeerAddress, _ node: (String) -> PeerAddress?
    ) -> PeerAddress? {
        var nearest: PeerAddress?
        var left = Self.longestChain
        for value in values.reversed() {
            var elements = BackwardList(value)
            while let element = elements.next() {
                guard left > 0 else { return nearest ?? proxy }
                left -= 1
                // RFC 9110 §5.6.1.2 allows empty elements.
                if element.isEmpty { continue }
                guard let address = node(element) else { return nearest ?? proxy }
                guard contains(address) else { return address }
                nearest = address
            }
        }
        return nearest
    }

    /// The node of `for=` in one element of `Forwarded`; `for=` must occur exactly once.
    private static func standardNode(_ element: String) -> PeerAddress? {
        var scanner = FieldScanner(element)
        var node: String?
        repeat {
            scanner.skipWhitespace()
            guard let name = scanner.token() else {
                // The grammar allows an empty pair.
                continue
            }
            guard scanner.skip(0x3D), let value = scanner.tokenOrQuotedString() else { return nil }
            if name.lowercased() == "for" {
                guard node == nil else { return nil }
                node = value
            }
            scanner.skipWhitespace()
        } while scanner.skip(0x3B)
        guard scanner.isAtEnd, let node else { return nil }
        return address(ofNode: node)
    }

    /// One element of `X-Forwarded-For`: a node as in RFC 7239, or IPv6 without brackets.
    private static func usualNode(_ element: String) -> PeerAddress? {
        PeerAddress(address: element) ?? address(ofNode: element)
    }

    /// The address of a node (RFC 7239 §6): IPv4, or IPv6 in brackets, with or without a port.
    private static func address(ofNode node: String) -> PeerAddress? {
        let bytes = Array(node.utf8)
        var hostEnd = bytes.firstIndex(of: 0x3A) ?? bytes.count
        var host = bytes[..<hostEnd]
        if bytes.first == 0x5B {
            guard let bracket = bytes.firstIndex(of: 0x5D) else { return nil }
            host = bytes[1..<bracket]
            hostEnd = bracket + 1
            guard host.contains(0x3A) else { return nil }
        }
        var port: UInt16 = 0
        if hostEnd < bytes.count {
            guard bytes[hostEnd] == 0x3A, let given = Self.port(bytes[(hostEnd + 1)...]) else { return nil }
            port = given
        }
        return PeerAddress(address: String(decoding: host, as: UTF8.self), port: port)
    }

    /// A port; 0 for an obfuscated port (RFC 7239 §6.3).
    private static func port(_ bytes: ArraySlice<UInt8>) -> UInt16? {
        if bytes.first == 0x5F {
            let name = bytes.dropFirst()
            return !name.isEmpty && name.allSatisfy(CharacterClass.isTokenByte) ? 0 : nil
        }
        guard (1...5).contains(bytes.count), bytes.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return UInt16(String(decoding: bytes, as: UTF8.self))
    }
}

/// The elements of a comma-separated list (RFC 9110 §5.6.1) in reverse order, without surrounding white space.
///
/// Reading backwards ensures that an unclosed quotation mark or other garbage from a client cannot swallow an element
/// that a proxy appended. Each byte is read a bounded number of times.
private struct BackwardList {
    private let bytes: [UInt8]
    /// The end of the unread part; `nil` after the first element.
    private var end: Int?

    init(_ value: String) {
        bytes = Array(value.utf8)
        end = bytes.count
    }

    mutating func next() -> String? {
        guard let end else { return nil }
        var isQuoted = false
        var index = end
        while index > 0 {
            let byte = bytes[index - 1]
            if byte == 0x22, !isEscaped(index - 1) { isQuoted.toggle() }
            if byte == 0x2C, !isQuoted { break }
            index -= 1
        }
        self.end = index > 0 ? index - 1 : nil
        var element = bytes[index..<end]
        while let first = element.first, first == 0x20 || first == 0x09 { element.removeFirst() }
        while let last = element.last, last == 0x20 || last == 0x09 { element.removeLast() }
        return String(decoding: element, as: UTF8.self)
    }

    /// Reports whether an odd number of backslashes precedes this byte (RFC 9110 §5.6.4).
    private func isEscaped(_ index: Int) -> Bool {
        var start = index
        while start > 0, bytes[start - 1] == 0x5C { start -= 1 }
        return (index - start) % 2 == 1
    }
}

extension FieldName {
    static let forwarded: FieldName = "Forwarded"
    static let forwardedFor: FieldName = "X-Forwarded-For"
}
