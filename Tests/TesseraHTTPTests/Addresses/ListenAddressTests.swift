import Testing

@testable import TesseraHTTP

@Suite struct ListenAddressTests {
    @Test func addressesAreParsed() {
        #expect(ListenAddress(parsing: "127.0.0.1:8080") == .tcp(host: "127.0.0.1", port: 8080))
        #expect(ListenAddress(parsing: "[::1]:0") == .tcp(host: "::1", port: 0))
        #expect(ListenAddress(parsing: "localhost:80") == .tcp(host: "localhost", port: 80))
        #expect(ListenAddress(parsing: "unix:/run/a.sock") == .unix(path: "/run/a.sock"))
    }

    @Test(arguments: [
        "", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:+80", "::1:80", "[::1]",
        "[1.2.3.4]:80",
        "256.0.0.1:80", "example.com:80", "unix:", "127.0.0.1:80 ",
    ])
    func otherTextIsNoAddress(_ text: String) {
        #expect(ListenAddress(parsing: text) == nil)
    }

    @Test(arguments: ["127.0.0.1:8080", "[::1]:8080", "unix:/a"])
    func anAddressIsWrittenAsItIsRead(_ text: String) {
        #expect(ListenAddress(parsing: text)?.description == text)
    }

    @Test func datesAreWrittenAsInTheStandard() {
        let date = HTTPDate.format(secondsSince1970: 784_111_777)
        #expect(String(decoding: date, as: UTF8.self) == "Sun, 06 Nov 1994 08:49:37 GMT")
    }
}
