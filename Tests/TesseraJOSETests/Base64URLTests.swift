import TesseraJOSE
import Testing

@Suite struct Base64URLTests {
    @Test(
        "RFC 4648 §10, without padding",
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ])
    func knownTextsRoundTrip(_ plain: String, _ encoded: String) {
        #expect(Base64URL.encode(Array(plain.utf8)) == encoded)
        #expect(Base64URL.decode(encoded) == Array(plain.utf8))
    }

    @Test("RFC 7515 Appendix C")
    func exampleOfTheSpecification() {
        #expect(Base64URL.encode([3, 236, 255, 224, 193]) == "A-z_4ME")
        #expect(Base64URL.decode("A-z_4ME") == [3, 236, 255, 224, 193])
    }

    @Test func everyLengthRoundTrips() {
        for count in 0...100 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 167 + count) }
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
    }

    @Test(
        "N082",
        arguments: [
            "Zg==", "Zm8=", "Zm9v====", "=", "A+z_4ME", "A-z/4ME", "Zm 9v", "Zm9v\n", " Zm9v", "Zm9v\u{0}",
            "Z",
            "Zm9vY", "Zh", "Zm9", "A-z_4MF", "Zm9vé", "Zm.v",
        ])
    func otherSpellingsAreRefused(_ text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test func oneTextPerLastCharacter() {
        // Of the 64 last characters of a two-character text, the 4 with clear trailing bits decode.
        let characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        #expect(characters.filter { Base64URL.decode("A\($0)") != nil } == "AQgw")
        #expect(characters.filter { Base64URL.decode("AA\($0)") != nil } == "AEIMQUYcgkosw048")
    }

    @Test func everyByteOutsideTheAlphabetIsRefused() {
        let accepted = (UInt8.min...UInt8.max).filter { Base64URL.decode([0x41, 0x41, 0x41, $0]) != nil }
        #expect(accepted.count == 64)
    }
}
