import Testing

@testable import TesseraHTTP

@Suite struct PeerAddressTests {
    @Test func ipv4IsDotted() {
        let peer = PeerAddress.ipv4(0xC000_02FF, port: 80)
        #expect(peer.host == "192.0.2.255")
        #expect(peer.description == "192.0.2.255:80")
        #expect(PeerAddress.ipv4(0, port: 0).host == "0.0.0.0")
    }

    @Test(
        arguments: [
            (0, 0, "::"), (0, 1, "::1"), (0x1 << 48, 0, "1::"), (0x2001_0DB8_0000_0000, 1, "2001:db8::1"),
            (0x2001_0DB8_0000_0001, 0x0001_0001_0001_0001, "2001:db8:0:1:1:1:1:1"),
            (0x2001_0000_0000_0001, 0x0000_0000_0000_0001, "2001:0:0:1::1"),
            (0x2001_0DB8_0000_0000, 0x0001_0000_0000_0001, "2001:db8::1:0:0:1"),
            (0x0001_0002_0003_0004, 0x0005_0006_0007_0008, "1:2:3:4:5:6:7:8"),
            (0xFFFF_FFFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
            (0x0000_0001_0002_0003, 0x0004_0005_0006_0000, "0:1:2:3:4:5:6:0"),
            (0xFE80 << 48, 0x00AB, "fe80::ab"),
        ] as [(UInt64, UInt64, String)])
    func ipv6IsCanonical(_ high: UInt64, _ low: UInt64, _ text: String) {
        #expect(PeerAddress.ipv6(high, low, port: 443).host == text)
        #expect(PeerAddress.ipv6(high, low, port: 443).description == "[\(text)]:443")
    }

    @Test func networkIsThePrefixOfOneCustomer() {
        #expect(PeerAddress.ipv4(0xC000_02FF, port: 80).network == "192.0.2.255")
        let high: UInt64 = 0x2001_0DB8_0000_0001
        #expect(PeerAddress.ipv6(high, 1, port: 1).network == "2001:db8:0:1::/64")
        #expect(PeerAddress.ipv6(high, .max, port: 2).network == "2001:db8:0:1::/64")
        #expect(PeerAddress.ipv6(high + 1, 1, port: 1).network != "2001:db8:0:1::/64")
        #expect(PeerAddress.ipv6(0, 0xFFFF_C000_0201, port: 1).network == "::ffff:c000:201")
        #expect(PeerAddress.local.network == "local")
    }

    @Test func loopbackIsLocal() {
        #expect(PeerAddress.ipv4(0x7F00_0001, port: 80).isLocal)
        #expect(PeerAddress.ipv4(0x7FFF_FFFF, port: 80).isLocal)
        #expect(!PeerAddress.ipv4(0x8000_0000, port: 80).isLocal)
        #expect(PeerAddress.ipv6(0, 1, port: 80).isLocal)
        #expect(!PeerAddress.ipv6(0, 2, port: 80).isLocal)
        #expect(PeerAddress.ipv6(0, 0xFFFF_7F00_0001, port: 80).isLocal)
        #expect(!PeerAddress.ipv6(0, 0xFFFF_8000_0001, port: 80).isLocal)
        #expect(PeerAddress.local.isLocal)
    }

    @Test func unixSocketIsLocal() {
        #expect(PeerAddress.local.host == "local")
        #expect(PeerAddress.local.description == "local")
    }
}
