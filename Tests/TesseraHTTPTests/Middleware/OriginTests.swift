import Testing

@testable import TesseraHTTP

@Suite struct OriginTests {
    @Test(arguments: [
        "https://app.example", "http://localhost", "http://127.0.0.1:8080", "https://[::1]:8443",
        "https://[2001:db8::1]",
        "https://a-b.example:65535", "http://x:443", "https://x:80", "https://xn--bcher-kva.example",
    ])
    func serializedOriginIsAccepted(_ text: String) {
        #expect(Origin(text)?.text == text)
        #expect(Origin(text)?.isWeb == true)
    }

    @Test(arguments: [
        "capacitor://localhost", "ionic://localhost", "tauri://localhost", "tauri://localhost:1420",
        "app://obsidian.md",
        "chrome-extension://abcdefghijklmnopabcdefghijklmnop", "com.example.app://host", "a+b-c.d1://x",
        "moz-extension://6b3f2f0e-6d0c-4f62-9a7c-0d2a4f1c7e55", "httpx://localhost",
        "safari-web-extension://A1B2C3D4-E5F6-47A8-89AB-CDEF01234567",
    ])
    func originOfAnAppOrExtensionIsAccepted(_ text: String) {
        #expect(Origin(text)?.text == text)
        #expect(Origin(text)?.isWeb == false)
    }

    @Test(arguments: [
        "capacitor://", "capacitor:localhost", "capacitor:/localhost", "Capacitor://localhost",
        "capacitor://localhost/",
        "capacitor://localhost/a", "capacitor://localhost?a", "capacitor://localhost#a",
        "capacitor://a@localhost",
        "capacitor://*", "*://localhost", "://localhost", "capacitor://local host", "capacitor://localhost,b",
        "capacitor://localhost:0", "capacitor://localhost:65536", "capacitor://localhost:",
        "capacitor://[::1]",
        "1app://localhost", "-app://localhost", "my_app://localhost", "app://lōcalhost", "app://localhost\n",
        "file://", "file://localhost", "data://x", "blob://x", "about://blank", "javascript://x", "ws://x",
        "wss://x",
        "null://x/", "abcdefghijklmnopqrstuvwxyzabcdefg://localhost",
    ])
    func nearMissesOfAnAppAreRefused(_ text: String) {
        #expect(Origin(text) == nil)
    }

    @Test func aHostIsAtMostAsLongAsDomainNamesAre() {
        #expect(Origin("https://" + String(repeating: "a", count: 253)) != nil)
        #expect(Origin("https://" + String(repeating: "a", count: 254)) == nil)
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
