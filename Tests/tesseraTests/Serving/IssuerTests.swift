import TesseraHTTP
import TesseraServer
import Testing

@testable import tessera

@Suite struct IssuerTests {
    @Test(arguments: [
        "https://tokens.example.com", "http://127.0.0.1:8080", "http://[::1]:8080",
        "https://example.com/tessera",
        "https://example.com/a/b",
    ])
    func urlWithoutASlashAtTheEndIsTaken(text: String) {
        #expect(Issuer(text)?.text == text)
    }

    @Test(arguments: [
        "", "example.com", "ftp://example.com", "capacitor://localhost", "https://", "https://example.com/",
        "https://example.com/a/",
        "https://example.com?a", "https://example.com/#a", "https://a@example.com", "HTTPS://example.com",
        "https://Example.com", "https://example.com:443", "https://example.com/a//b",
        "https://example.com/../a",
        "https://example.com/%61", "https://example.com/ä", " https://example.com", "https://exa mple.com",
    ])
    func anythingElseIsRefused(text: String) {
        #expect(Issuer(text) == nil)
    }

    @Test func defaultIsWhereTheServerListens() {
        #expect(Issuer(listening: .tcp(host: "::1", port: 80), isSecure: false).text == "http://[::1]:80")
        #expect(
            Issuer(listening: .tcp(host: "127.0.0.1", port: 8), isSecure: true).text == "https://127.0.0.1:8")
        #expect(Issuer(listening: .unix(path: "a.sock"), isSecure: false).text == "http://localhost")
    }

    @Test(arguments: [
        ("0.0.0.0:80", "http://127.0.0.1:80"), ("[::]:80", "http://[::1]:80"),
        ("[::0]:80", "http://[::1]:80"),
        ("[0:0:0:0:0:0:0:0]:80", "http://[::1]:80"), ("[::ffff:0.0.0.0]:80", "http://[::1]:80"),
        ("[::1]:80", "http://[::1]:80"), ("127.0.0.1:80", "http://127.0.0.1:80"),
        ("10.0.0.0:80", "http://10.0.0.0:80"),
    ])
    func everyAddressIsNoAddress(listen: String, issuer: String) throws {
        let address = try #require(ListenAddress(parsing: listen))
        #expect(Issuer(listening: address, isSecure: false).text == issuer)
        #expect(address.isEveryAddress == (address.onThisMachine != address))
    }
}
