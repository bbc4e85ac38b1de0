import Testing

@testable import TesseraHTTP

@Suite struct OriginTests {
    @Test(arguments: [
        "https://app.example", "http://localhost", "http://127.0.0.1:8080", "https://[::1]:8443",
        "https://[2001:db8::1]",
        "https://a-b.example:65535", "http://x:443", "https://x:80", "https://xn--bcher-kva.example",
    ])
    func serialisedOriginIsTaken(_ text: String) {
        #expect(Origin(text)?.text == text)
    }

    @Test(arguments: [
        "", "*", "null", "app.example", "//app.example", "https:app.example", "https://", "https://:1",
        "ftp://x",
        "https://app.example/", "https://app.example/a", "https://app.example?", "https://app.example#",
        "https://App.example", "HTTPS://app.example", "https://user@app.example", "https://app.example:",
        "https://app.example:443", "http://app.example:80", "https://app.example:0",
        "https://app.example:0443",
        "https://app.example:65536", "https://app.example:+1", "https://app.example:8a",
        "https://bücher.example",
        "https://[]", "https://[::1", "https://[::1]x", "https://[::G]",
        "https://a.example https://b.example",
        "https://*.example", " https://app.example", "https://app.example\n",
    ])
    func anythingElseIsRefused(_ text: String) {
        #expect(Origin(text) == nil)
    }
}
