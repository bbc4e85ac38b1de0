import Testing

@testable import TesseraHTTP

@Suite struct SetCookieTests {
    @Test func safeAttributesAreTheDefault() throws {
        #expect(try SetCookie("s", "v").fieldValue == "s=v; Path=/; Secure; HttpOnly; SameSite=Lax")
    }

    @Test func everyAttributeIsWritten() throws {
        let cookie = try SetCookie(
            "s", "v", path: "/a", domain: "example.org", maxAge: .seconds(90), isSecure: false,
            isHTTPOnly: false,
            sameSite: .strict)
        #expect(cookie.fieldValue == "s=v; Path=/a; Domain=example.org; Max-Age=90; SameSite=Strict")
        #expect(
            try SetCookie("s", "", sameSite: .none).fieldValue
                == "s=; Path=/; Secure; HttpOnly; SameSite=None")
    }

    @Test(arguments: [Duration.zero, .seconds(-5), .milliseconds(999)])
    func zeroAgeRemovesTheCookie(_ maxAge: Duration) throws {
        #expect(
            try SetCookie("s", "", maxAge: maxAge).fieldValue
                == "s=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure; HttpOnly; SameSite=Lax"
        )
    }

    @Test func hostPrefixNeedsSecureRootPathAndNoDomain() throws {
        #expect(try SetCookie("__Host-s", "v").fieldValue.hasPrefix("__Host-s=v; Path=/; Secure"))
        for name in ["__Host-s", "__HOST-s", "__host-"] {
            #expect(throws: SetCookieError.prefixRules) { try SetCookie(name, "v", isSecure: false) }
            #expect(throws: SetCookieError.prefixRules) { try SetCookie(name, "v", path: "/a") }
            #expect(throws: SetCookieError.prefixRules) { try SetCookie(name, "v", domain: "example.org") }
        }
    }

    @Test func securePrefixNeedsSecure() throws {
        #expect(throws: SetCookieError.prefixRules) { try SetCookie("__Secure-s", "v", isSecure: false) }
        #expect(try SetCookie("__Secure-s", "v", path: "/a").fieldValue.contains("; Secure"))
    }

    @Test func crossSiteCookieNeedsSecure() {
        #expect(throws: SetCookieError.sameSiteNoneWithoutSecure) {
            try SetCookie("s", "v", isSecure: false, sameSite: .none)
        }
    }

    @Test(arguments: ["", "a b", "a=b", "a;b", "é", "a\r\n", "\"a\""])
    func badNameIsRefused(_ name: String) {
        #expect(throws: SetCookieError.badName) { try SetCookie(name, "v") }
    }

    @Test(arguments: [
        "a b", "a;b", "a,b", "a\\b", "\"", "a\"", "é", "a\r\nSet-Cookie: b=c", "\u{0}", "\u{7F}",
    ])
    func badValueIsRefused(_ value: String) {
        #expect(throws: SetCookieError.badValue) { try SetCookie("s", value) }
    }

    @Test(arguments: ["", "a", "/a;b", "/a b", "/é", "/\n"])
    func badPathIsRefused(_ path: String) {
        #expect(throws: SetCookieError.badPath) { try SetCookie("s", "v", path: path) }
    }

    @Test(arguments: ["", "a;b", "a b", "é.example"])
    func badDomainIsRefused(_ domain: String) {
        #expect(throws: SetCookieError.badDomain) { try SetCookie("s", "v", domain: domain) }
    }

    @Test func wholeFieldIsAtMost4096Bytes() throws {
        let rest = try SetCookie("s", "").fieldValue.utf8.count
        let longest = String(repeating: "x", count: 4096 - rest)
        #expect(try SetCookie("s", longest).fieldValue.utf8.count == 4096)
        #expect(throws: SetCookieError.tooLong) { try SetCookie("s", longest + "x") }
    }

    @Test func whatIsSetReadsBack() throws {
        let cookie = try SetCookie("__Host-session", "abc_-~.123")
        let sent = String(cookie.fieldValue.prefix { $0 != ";" })
        #expect(Cookies(parsing: [sent]).single("__Host-session") == "abc_-~.123")
    }

    @Test func severalCookiesAreSeveralFields() throws {
        var response = Response(.ok)
        response.set(try SetCookie("a", "1"))
        response.set(try SetCookie("b", "2"))
        #expect(response.fields.count(of: .setCookie) == 2)
    }
}
