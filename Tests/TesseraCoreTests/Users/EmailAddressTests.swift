import Testing

@testable import TesseraCore

@Suite struct EmailAddressTests {
    @Test func asciiCaseDoesNotMatter() throws {
        let address = try #require(EmailAddress("Ember@Example.COM"))
        #expect(address.text == "ember@example.com")
        #expect(address.key == "ember@example.com")
        #expect(address == EmailAddress("ember@example.com"))
    }

    @Test(arguments: [
        "", "ember", "@example.com", "ember@", "a@b@c", "em ber@example.com", "ember@example.com\n",
        "ember@\u{7F}x", "ember@\u{85}x", "\u{0}@x", String(repeating: "a", count: 249) + "@b.com",
        // Second spellings of an address: quoted, with a comment, with an address literal, with a trailing dot.
        "\"ember\"@example.com", "\"em ber\"@example.com", "em\\ber@example.com", "ember(x)@example.com",
        "ember@[192.0.2.1]", "ember@[IPv6:2001:db8::1]", "ember@192.0.2.1", "ember@example.com.",
        "<ember@example.com>", "ember@x, ash@x", "ember@example。com。",
        // Texts that look like another address.
        "kee\u{200B}per@example.com", "kee\u{AD}per@example.com", "kee\u{202E}per@example.com",
        "kee\u{2066}per@example.com", "\u{FEFF}keeper@example.com", "kee\u{200D}per@example.com",
        "kee\u{34F}per@example.com", "kee\u{3164}per@example.com", "kee\u{E0041}per@example.com",
        "keeper@exam\u{AD}ple.com", "keeper\u{FF20}x@example.com", "kee\u{A0}per@example.com",
        "\u{301}keeper@example.com", "kee\u{E000}per@example.com", "kee\u{378}per@example.com",
        "keeper@xn--a.example", "a" + String(repeating: "\u{301}", count: 31_000) + "@example.com",
    ])
    func nearMissIsRefused(_ text: String) {
        #expect(EmailAddress(text) == nil)
    }

    @Test func longestIsAccepted() {
        #expect(EmailAddress(String(repeating: "a", count: 248) + "@b.com") != nil)
    }

    @Test(arguments: [
        [
            "ÜNÏ@exämple.de", "ünï@exämple.de", "u\u{308}ni\u{308}@exa\u{308}mple.de",
            "ÜnÏ@XN--EXMPLE-CUA.de",
            "U\u{308}NI\u{308}@EXÄMPLE.DE", "ünï@exämple。de",
        ],
        ["straße@x.de", "STRASSE@x.de", "strasse@x.de", "STRAẞE@x.de"],
        ["σίσυφος@x.gr", "ΣΊΣΥΦΟΣ@x.gr", "σίσυφοσ@x.gr"],
        ["각하@x.kr", "\u{1100}\u{1161}\u{11A8}\u{1112}\u{1161}@x.kr"],
        ["\u{212A}eeper@x.de", "keeper@x.de", "KEEPER@X.DE"],
        ["ﬁre@x.de", "fire@x.de"], ["\u{958}@x.in", "क\u{93C}@x.in"],
        ["a\u{345}\u{301}@x.gr", "a\u{301}\u{345}@x.gr", "áι@x.gr"],
        ["ember@ｅｘａｍｐｌｅ．ｃｏｍ", "ember@example.com"],
    ])
    func spellingsOfOneAddressAreOneAccount(_ spellings: [String]) throws {
        let addresses = try spellings.map { try #require(EmailAddress($0)) }
        for address in addresses {
            #expect(address == addresses[0])
            #expect(address.key.utf8.elementsEqual(addresses[0].key.utf8))
            // The key and the text are themselves spellings.
            #expect(EmailAddress(address.key)?.key.utf8.elementsEqual(address.key.utf8) == true)
            #expect(EmailAddress(address.text)?.text.utf8.elementsEqual(address.text.utf8) == true)
        }
        for spelling in spellings { #expect(EmailAddress(of: spelling) == addresses[0]) }
    }

    @Test(arguments: [
        ("ılık@x.tr", "ilik@x.tr"), ("i@x.tr", "ı@x.tr"), ("İ@x.tr", "i@x.tr"), ("é@x.de", "e@x.de"),
        ("a@straße.de", "a@strasse.de"), ("１@x.de", "1@x.de"), ("a.b@x.de", "ab@x.de"),
        ("क्ष@x.in", "क्\u{200D}ष@x.in"),
        ("a+b@x.de", "a@x.de"), ("a@x.de", "a@y.x.de"), ("محمد@x.eg", "מחמד@x.eg"),
    ])
    func differentAddressesAreTwoAccounts(_ one: String, _ other: String) throws {
        #expect(try #require(EmailAddress(one)) != #require(EmailAddress(other)))
    }

    @Test func addressIsShownAsItWasTyped() throws {
        #expect(try #require(EmailAddress("U\u{308}NÏ@EXÄMPLE.de")).text == "ÜNÏ@exämple.de")
        #expect(try #require(EmailAddress("Straße@x.de")).text == "Straße@x.de")
        #expect(try #require(EmailAddress("Ember@xn--exmple-cua.de")).text == "ember@exämple.de")
    }

    @Test func earlierAccountIsFoundByItsStoredSpelling() throws {
        // By the earlier rule: ASCII letters in lower case, otherwise by bytes.
        #expect(
            try #require(EmailAddress(of: "ÜNÏ@exämple.de")).keys == ["ÜnÏ@exämple.de", "ünï@exämple.de"])
        #expect(try #require(EmailAddress(of: "Kee\u{200B}per@x")).keys == ["kee\u{200B}per@x"])
        #expect(try #require(EmailAddress(of: "\"A\"@[192.0.2.1]")).keys == ["\"a\"@[192.0.2.1]"])
        #expect(try #require(EmailAddress(of: "Ember@x")).keys == ["ember@x"])
        for text in ["", "a", "a b@x", "a@b@c", "a@\u{85}", String(repeating: "a", count: 254) + "@x"] {
            #expect(EmailAddress(of: text) == nil)
        }
    }

    @Test func attemptsAtAllSpellingsCountTogether() {
        let attempts = ["ÜNÏ@exämple.de", "u\u{308}nï@xn--exmple-cua.de", "ünï@exämple.de"].map {
            SignInAttempt(email: $0, origin: .network("192.0.2.1"))
        }
        #expect(Set(attempts).count == 1)
    }
}
