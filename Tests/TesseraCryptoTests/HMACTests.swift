import TesseraCrypto
import Testing

@Suite struct HMACTests {
    struct Vector: Sendable {
        var key: String
        var message: String
        var code: String
    }

    static let vectors = [
        Vector(
            key: String(repeating: "0b", count: 20), message: "4869205468657265",
            code: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        Vector(
            key: "4a656665", message: "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
            code: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        Vector(
            key: String(repeating: "aa", count: 20), message: String(repeating: "dd", count: 50),
            code: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        Vector(
            key: "0102030405060708090a0b0c0d0e0f10111213141516171819",
            message: String(repeating: "cd", count: 50),
            code: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        Vector(
            key: String(repeating: "aa", count: 131),
            message: "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d"
                + "2048617368204b6579204669727374",
            code: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        Vector(
            key: String(repeating: "aa", count: 131),
            message: "5468697320697320612074657374207573696e672061206c6172676572207468616e20626c6f"
                + "636b2d73697a65206b657920616e642061206c6172676572207468616e20626c6f636b2d7369"
                + "7a6520646174612e20546865206b6579206e6565647320746f20626520686173686564206265"
                + "666f7265206265696e6720757365642062792074686520484d414320616c676f726974686d2e",
            code: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
    ]

    @Test("RFC 4231 §4.2–§4.4, §4.5, §4.7, §4.8", arguments: vectors)
    func codesAreTheKnownOnes(_ vector: Vector) {
        let key = Secret(bytes(hex: vector.key))
        let message = bytes(hex: vector.message)
        #expect(HMACSHA256.code(for: message, key: key).bytes == bytes(hex: vector.code))
    }

    @Test func emptyKeyAndMessageHaveACode() {
        #expect(
            HMACSHA256.code(for: [], key: Secret([])).bytes
                == bytes(hex: "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"))
    }
}
