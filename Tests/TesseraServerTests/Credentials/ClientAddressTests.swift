import TesseraCore
import TesseraHTTP
import Testing

@testable import TesseraServer

@Suite struct ClientAddressTests {
    @Test(arguments: [
        (PeerAddress.ipv4(0xCB00_7107, port: 4711), "203.0.113.7"), (.ipv4(0, port: 1), "0.0.0.0"),
        (.ipv6(0x2001_0DB8 << 32, 1, port: 4711), "2001:db8::1"), (.ipv6(0, 1, port: 1), "::1"),
        // The same client through a socket for both protocols.
        (.ipv6(0, 0xFFFF_CB00_7107, port: 1), "203.0.113.7"),
        (.ipv6(1, 0xFFFF_CB00_7107, port: 1), "::1:0:ffff:cb00:7107"),
        (.local, "local"),
    ])
    func addressIsSaidAsItCame(peer: PeerAddress, text: String) {
        #expect(peer.client.text == text)
    }
}
