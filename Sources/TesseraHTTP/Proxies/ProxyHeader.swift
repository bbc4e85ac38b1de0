/// The header of the PROXY protocol (versions 1 and 2), with which a proxy starts a connection on behalf of a client.
///
/// Read only if the operator has configured it: "The receiver MUST be configured to only receive the protocol described
/// in this specification and MUST not try to guess whether the protocol header is present or not" (The PROXY protocol,
/// §2).
enum ProxyHeader: Equatable {
    /// More bytes are needed.
    case incomplete
    /// There is no valid header; the connection must be closed.
    case malformed
    /// A complete header of this length, with its client. The client is `nil` if the proxy speaks for itself (`LOCAL`),
    /// or does not know the client or its address family (`UNKNOWN`, `AF_UNSPEC`, `AF_UNIX`).
    case complete(length: Int, client: PeerAddress?)

    /// The longest accepted header. Addresses take at most 232 bytes, and the additions of proxies (names, the subject
    /// of a certificate, an identifier) less than a kilobyte.
    static let longest = 4_096
    /// The longest header of version 1, including its line end (§2.1).
    private static let longestLine = 107

    private static let signature: [UInt8] = [
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
    ]

    /// Reads a header.
    ///
    /// - Parameter bytes: The start of a connection; at least ``longest`` bytes if that many have arrived.
    static func parse(_ bytes: Span<UInt8>) -> ProxyHeader {
        guard bytes.count > 0 else { return .incomplete }
        switch bytes[0] {
        case 0x50: return parseLine(bytes)
        case signature[0]: return parseBinary(bytes)
        default: return .malformed
        }
    }

    // MARK: Version 1, §2.1

    private static func parseLine(_ bytes: Span<UInt8>) -> ProxyHeader {
        guard let lineFeed = bytes.nextLineFeed(from: 0) else {
            let isPossible = bytes.count < longestLine && isBeginning(bytes, of: Array("PROXY ".utf8))
            return isPossible ? .incomplete : .malformed
        }
        guard lineFeed > 0, lineFeed < longestLine, bytes[lineFeed - 1] == 0x0D else { return .malformed }
        let line = bytes.array(0..<(lineFeed - 1))
        let words = line.split(separator: 0x20, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard words.count >= 2, words[0] == "PROXY" else { return .malformed }
        let length = lineFeed + 1
        // The rest of the line must be ignored.
        if words[1] == "UNKNOWN" { return .complete(length: length, client: nil) }
        let isIPv6 = words[1] == "TCP6"
        guard isIPv6 || words[1] == "TCP4", words.count == 6,
            SocketAddress.isAddress(words[2], isIPv6: isIPv6),
            SocketAddress.isAddress(words[3], isIPv6: isIPv6),
            let port = port(words[4]), Self.port(words[5]) != nil,
            let client = PeerAddress(address: words[2], port: port)
        else { return .malformed }
        return .complete(length: length, client: client)
    }

    private static func port(_ text: String) -> UInt16? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            text == "0" || text.utf8.first != 0x30
        else { return nil }
        return UInt16(text)
    }

    // MARK: Version 2, §2.2

    private static func parseBinary(_ bytes: Span<UInt8>) -> ProxyHeader {
        guard isBeginning(bytes, of: signature) else { return .malformed }
        guard bytes.count >= 16 else { return .incomplete }
        let rest = Int(bytes[14]) << 8 | Int(bytes[15])
        let length = 16 + rest
        guard length <= longest else { return .malformed }
        let isProxied: Bool
        switch bytes[12] {
        case 0x20: isProxied = false
        case 0x21: isProxied = true
        default: return .malformed
        }
        // Only streams: an HTTP request never arrives as a datagram.
        let addresses: Int
        switch bytes[13] {
        case _ where !isProxied, 0x00: addresses = 0
        case 0x11: addresses = 12
        case 0x21: addresses = 36
        case 0x31: addresses = 216
        default: return .malformed
        }
        guard rest >= addresses else { return .malformed }
        guard bytes.count >= length else { return .incomplete }
        guard addresses > 0 else { return .complete(length: length, client: nil) }
        guard areVectors(bytes, (16 + addresses)..<length) else { return .malformed }
        return .complete(length: length, client: client(bytes, family: bytes[13]))
    }

    private static func client(_ bytes: Span<UInt8>, family: UInt8) -> PeerAddress? {
        func number<Number: FixedWidthInteger>(at start: Int, _ type: Number.Type) -> Number {
            var number: Number = 0
            for index in start..<(start + MemoryLayout<Number>.size) {
                number = number << 8 | Number(truncatingIfNeeded: bytes[index])
            }
            return number
        }
        switch family {
        case 0x11: return .ipv4(number(at: 16, UInt32.self), port: number(at: 24, UInt16.self))
        case 0x21:
            let (high, low) = (number(at: 16, UInt64.self), number(at: 24, UInt64.self))
            return PeerAddress.ipv6(high, low, port: number(at: 48, UInt16.self)).unmapped
        default: return nil
        }
    }

    /// Reports whether the bytes are a sequence of type-length-value vectors. None of the vectors is used (§2.2.1).
    private static func areVectors(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var start = range.lowerBound
        while start < range.upperBound {
            guard start + 3 <= range.upperBound else { return false }
            start += 3 + (Int(bytes[start + 1]) << 8 | Int(bytes[start + 2]))
        }
        return start == range.upperBound
    }

    /// Reports whether the bytes start as expected, as far as both reach.
    private static func isBeginning(_ bytes: Span<UInt8>, of expected: [UInt8]) -> Bool {
        for index in 0..<min(bytes.count, expected.count) where bytes[index] != expected[index] {
            return false
        }
        return true
    }
}
