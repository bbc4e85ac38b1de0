import Testing

@testable import TesseraHTTP

@Suite struct ProxyHeaderTests {
    private static let signature: [UInt8] = [
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
    ]
    private static let four: [UInt8] = [203, 0, 113, 7, 192, 0, 2, 1, 0x12, 0x34, 0, 80]
    private static let six: [UInt8] =
        [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]
        + [UInt8](repeating: 0, count: 15) + [1] + [0x12, 0x34, 0, 80]
    private static let mapped: [UInt8] =
        [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF, 203, 0, 113, 7]
        + [UInt8](repeating: 0, count: 15) + [1] + [0x12, 0x34, 0, 80]

    private static func binary(_ command: UInt8, _ family: UInt8, _ rest: [UInt8], length: Int? = nil)
        -> [UInt8]
    {
        let length = length ?? rest.count
        return signature + [command, family, UInt8(length >> 8), UInt8(length & 0xFF)] + rest
    }

    private static func parse(_ bytes: [UInt8]) -> ProxyHeader { ProxyHeader.parse(bytes.span) }

    private static let request = Array("GET / HTTP/1.1\r\n".utf8)

    @Test(arguments: [
        ("PROXY TCP4 203.0.113.7 192.0.2.1 4660 80\r\n", "203.0.113.7:4660"),
        ("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255:65535"),
        ("PROXY TCP4 203.0.113.7 192.0.2.1 0 0\r\n", "203.0.113.7:0"),
        ("PROXY TCP6 2001:db8::7 ::1 4660 80\r\n", "[2001:db8::7]:4660"),
        ("PROXY TCP6 ::ffff:203.0.113.7 ::1 4660 80\r\n", "203.0.113.7:4660"),
        ("PROXY UNKNOWN\r\n", nil),
        ("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n", nil),
    ])
    func linesAreRead(text: String, client: String?) {
        let line = Array(text.utf8)
        let header = Self.parse(line + Self.request)
        guard case .complete(let length, let found) = header else {
            Issue.record("\(header)")
            return
        }
        #expect(length == line.count)
        #expect(found?.description == client)
        for count in 0..<line.count { #expect(Self.parse(Array(line[..<count])) == .incomplete, "\(count)") }
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n", "proxy TCP4 203.0.113.7 192.0.2.1 1 2\r\n", "PROXZ", "PROXY\r\n", "PROXY \r\n",
        "PROXY TCP4\r\n", "PROXY TCP5 203.0.113.7 192.0.2.1 1 2\r\n",
        "PROXY tcp4 203.0.113.7 192.0.2.1 1 2\r\n",
        "PROXY  TCP4 203.0.113.7 192.0.2.1 1 2\r\n", "PROXY TCP4 203.0.113.7  192.0.2.1 1 2\r\n",
        "PROXY TCP4 203.0.113.7 192.0.2.1 1\r\n", "PROXY TCP4 203.0.113.7 192.0.2.1 1 2 3\r\n",
        "PROXY TCP4 203.0.113.7 192.0.2.1 1 2 \r\n", "PROXY TCP4 203.0.113.7 192.0.2.1 1 2\n",
        "PROXY TCP4 203.0.113.07 192.0.2.1 1 2\r\n", "PROXY TCP4 203.0.113.256 192.0.2.1 1 2\r\n",
        "PROXY TCP4 2001:db8::7 ::1 1 2\r\n", "PROXY TCP6 203.0.113.7 192.0.2.1 1 2\r\n",
        "PROXY TCP6 2001:db8::7 192.0.2.1 1 2\r\n", "PROXY TCP6 [2001:db8::7] ::1 1 2\r\n",
        "PROXY TCP6 fe80::1%lo ::1 1 2\r\n", "PROXY TCP4 203.0.113.7 localhost 1 2\r\n",
        "PROXY TCP4 203.0.113.7 192.0.2.1 65536 2\r\n", "PROXY TCP4 203.0.113.7 192.0.2.1 01 2\r\n",
        "PROXY TCP4 203.0.113.7 192.0.2.1 -1 2\r\n", "PROXY TCP4 203.0.113.7 192.0.2.1 1 x\r\n",
        "PROXY TCP4 203.0.113.7 192.0.2.1 1 \r\n", "PROXY TCP4 203.0.113.7\0 192.0.2.1 1 2\r\n",
        "PROXY UNKNOWNX\r\n", "PROXY UNKNOWN" + String(repeating: "x", count: 200) + "\r\n",
        "PROXY UNKNOWN " + String(repeating: "x", count: 92) + "\r\n",
        "PROXY UNKNOWN " + String(repeating: "x", count: 93),
    ])
    func otherLinesAreMalformed(text: String) {
        #expect(Self.parse(Array(text.utf8)) == .malformed)
    }

    @Test func theLongestLineIsRead() {
        let line = "PROXY UNKNOWN " + String(repeating: "x", count: 91) + "\r\n"
        #expect(line.utf8.count == 107)
        #expect(Self.parse(Array(line.utf8)) == .complete(length: 107, client: nil))
        #expect(Self.parse(Array(line.utf8.dropLast())) == .incomplete)
    }

    @Test(
        arguments: [
            (0x21, 0x11, four, "203.0.113.7:4660"), (0x21, 0x21, six, "[2001:db8::7]:4660"),
            (0x21, 0x21, mapped, "203.0.113.7:4660"),
            (0x21, 0x11, four + [0x04, 0, 0], "203.0.113.7:4660"),
            (0x21, 0x11, four + [0x02, 0, 3, 0x61, 0x2E, 0x62] + [0x04, 0, 1, 0], "203.0.113.7:4660"),
            (0x21, 0x11, four + [0xEA, 0x08, 0] + [UInt8](repeating: 7, count: 2_048), "203.0.113.7:4660"),
            (0x21, 0x31, [UInt8](repeating: 0x2F, count: 216), nil), (0x21, 0x00, [], nil),
            (0x21, 0x00, [1, 2, 3], nil),
            (0x20, 0x00, [], nil), (0x20, 0x11, four, nil), (0x20, 0x11, [1], nil), (0x20, 0xFF, [], nil),
        ] as [(UInt8, UInt8, [UInt8], String?)])
    func binaryHeadersAreRead(command: UInt8, family: UInt8, rest: [UInt8], client: String?) {
        let bytes = Self.binary(command, family, rest)
        let header = Self.parse(bytes + Self.request)
        guard case .complete(let length, let found) = header else {
            Issue.record("\(header)")
            return
        }
        #expect(length == bytes.count)
        #expect(found?.description == client)
        for count in 0..<bytes.count {
            #expect(Self.parse(Array(bytes[..<count])) == .incomplete, "\(count)")
        }
    }

    @Test func otherBinaryHeadersAreMalformed() {
        for version: UInt8 in [0x00, 0x01, 0x11, 0x22, 0x2F, 0x31, 0xF1] {
            #expect(Self.parse(Self.binary(version, 0x11, Self.four)) == .malformed, "\(version)")
        }
        for family: UInt8 in [0x01, 0x02, 0x10, 0x12, 0x13, 0x20, 0x22, 0x30, 0x32, 0x41, 0xFF] {
            #expect(Self.parse(Self.binary(0x21, family, Self.six)) == .malformed, "\(family)")
        }
        for (family, rest) in [
            (0x11, Self.four), (0x21, Self.six), (0x31, [UInt8](repeating: 0, count: 216)),
        ] {
            #expect(Self.parse(Self.binary(0x21, UInt8(family), rest.dropLast())) == .malformed, "\(family)")
            // Extension vectors that end too early or too late.
            for vectors: [UInt8] in [[0], [4, 0], [4, 0, 1], [4, 0, 0, 4], [4, 0xFF, 0xFF, 0]] {
                #expect(
                    Self.parse(Self.binary(0x21, UInt8(family), rest + vectors)) == .malformed, "\(vectors)")
            }
        }
        // A declared length above the limit, before the bytes have arrived.
        #expect(Self.parse(Self.binary(0x21, 0x11, [], length: 4_081)) == .malformed)
        #expect(Self.parse(Self.binary(0x20, 0x00, [], length: 65_535)) == .malformed)
        #expect(Self.parse(Self.binary(0x21, 0x11, [], length: 4_080)) == .incomplete)
        for index in Self.signature.indices {
            var bytes = Self.binary(0x21, 0x11, Self.four)
            bytes[index] ^= 0x20
            #expect(Self.parse(bytes) == .malformed, "\(index)")
            #expect(Self.parse(Array(bytes[...index])) == .malformed, "\(index)")
        }
    }
}
