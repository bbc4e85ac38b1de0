import TesseraCrypto
import Testing

@Suite struct SecretTests {
    @Test func nothingPrintsASecret() {
        let secret = Secret(utf8: "hoard")
        struct Holder { let password: Secret }
        var dumped = ""
        dump(secret, to: &dumped)
        dump(Holder(password: secret), to: &dumped)
        let texts = [
            "\(secret)", String(describing: secret), String(reflecting: secret), dumped,
            "\(Holder(password: secret))", String(reflecting: Optional(secret)), "\([secret])",
        ]
        for text in texts {
            #expect(!text.contains("hoard"))
            #expect(!text.contains("104"))  // the first byte in decimal
        }
        #expect("\(secret)" == "<redacted>")
    }

    @Test func lendsExactlyTheBytesItWasGiven() {
        let bytes: [UInt8] = [0, 255, 1, 0]
        #expect(Secret(bytes).withUnsafeBytes { Array($0) } == bytes)
        #expect(Secret(utf8: "é").withUnsafeBytes { Array($0) } == [0xC3, 0xA9])
        #expect(Secret([]).count == 0)
    }
}

@Suite struct ConstantTimeTests {
    @Test func onlyTheSameBytesAreEqual() {
        #expect(ConstantTime.areEqual([1, 2, 3], [1, 2, 3]))
        #expect(ConstantTime.areEqual([], []))
        #expect(!ConstantTime.areEqual([1, 2, 3], [1, 2]))
        #expect(!ConstantTime.areEqual([1, 2, 3], [1, 2, 2]))
        #expect(!ConstantTime.areEqual([0, 2, 3], [1, 2, 3]))
    }
}
