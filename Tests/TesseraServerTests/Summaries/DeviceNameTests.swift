import Testing

@testable import TesseraServer

@Suite struct DeviceNameTests {
    @Test(arguments: [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
            "Chrome on Windows"
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows"
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15",
            "Safari on macOS"
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari on iPhone"
        ),
        (
            "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36",
            "Chrome on Android"
        ),
        ("Mozilla/5.0", "A browser"), ("Mozilla/5.0 (X11; Linux x86_64)", "A browser on Linux"),
        ("curl/8.5.0", "A program: curl/8.5.0"), ("python-httpx/0.28 extra", "A program: python-httpx/0.28"),
        ("", "A program without a name"), (" Firefox/1", "A program without a name"),
        ("My Firefox/1 on Linux", "A program: My"),
    ])
    func userAgentIsNamedInWords(_ userAgent: String, _ name: String) {
        #expect(DeviceName(userAgent: userAgent).text == name)
    }

    @Test func nameOfAProgramIsBounded() {
        #expect(DeviceName(userAgent: String(repeating: "x", count: 200)).text.count == 71)
    }
}
