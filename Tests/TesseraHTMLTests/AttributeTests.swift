import Testing

@testable import TesseraHTML

@Suite struct AttributeTests: Markup {
    @Test func aValueCannotEndItsAttribute() {
        let html = input(.value("\" onfocus=\"alert(1)\" x='"))
        #expect(html.text == #"<input value="&quot; onfocus=&quot;alert(1)&quot; x=&#39;">"#)
    }

    @Test func booleanAttributesAreThereOrNot() {
        #expect(input(.checked(true)).text == "<input checked>")
        #expect(input(.checked(false)).text == "<input>")
        #expect(input(.when(false, .required), .when(true, .hidden)).text == "<input hidden>")
    }

    @Test func noDescriptionsMeanNoAttribute() {
        #expect(Attribute.describedBy([]) == .none)
        #expect(input(.describedBy(["a", "b"])).text == #"<input aria-describedby="a b">"#)
    }

    @Test(arguments: [
        "/", "/settings/tokens", "/a?b=c&d=e#f", "#name", "?page=2", "https://example.com/",
        "http://[::1]:8080/",
    ])
    func addressesOfThisSiteAndOfHTTPAreFollowed(address: String) {
        let escaped = address.replacing("&", with: "&amp;")
        #expect(a(.href(address)) { "x" }.text == "<a href=\"\(escaped)\">x</a>")
    }

    @Test(arguments: [
        "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)",
        "\u{1}javascript:alert(1)", "data:text/html,<script>", "vbscript:x", "file:///etc/passwd", "blob:x",
        "//evil.example", "//\u{301}evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
        "/a b", "settings", "",
        "httpsx://a", "https:/a", "/\u{7F}",
    ])
    func otherAddressesAreLeftOut(address: String) {
        #expect(a(.href(address)) { "x" }.text == "<a>x</a>")
        #expect(form(.action(address), .post) {}.text == #"<form method="post"></form>"#)
        #expect(script(.src(address)).text == "<script></script>")
    }
}
