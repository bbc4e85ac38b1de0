import TesseraCore
import Testing

@Suite struct EmailAddressTests {
    @Test func asciiCaseDoesNotMatter() throws {
        let address = try #require(EmailAddress("Ember@Example.COM"))
        #expect(address.text == "ember@example.com")
        #expect(address == EmailAddress("ember@example.com"))
    }

    @Test(arguments: [
        "", "ember", "@example.com", "ember@", "a@b@c", "em ber@example.com", "ember@example.com\n",
        "ember@\u{7F}x",
        "ember@\u{85}x", "\u{0}@x", String(repeating: "a", count: 249) + "@b.com",
    ])
    func nearMissIsRefused(_ text: String) {
        #expect(EmailAddress(text) == nil)
    }

    @Test func longestIsAccepted() {
        #expect(EmailAddress(String(repeating: "a", count: 248) + "@b.com") != nil)
    }

    @Test func addressesThatOnlyLookAlikeAreTwo() {
        #expect(EmailAddress("caf\u{E9}@x") != EmailAddress("cafe\u{301}@x"))
    }
}
