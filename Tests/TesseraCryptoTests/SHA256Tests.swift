import TesseraCrypto
import Testing

@Suite struct SHA256Tests {
    @Test(
        "FIPS 180-4 examples and NIST CAVP short messages",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func digestsAreTheKnownOnes(_ message: String, _ hex: String) {
        let expected = SHA256Digest(bytes: bytes(hex: hex))
        #expect(SHA256.digest(of: message) == expected)
        #expect(SHA256.digest(of: Array(message.utf8)) == expected)
        #expect(SHA256.digest(of: message).bytes == bytes(hex: hex))
    }

    @Test func aMillionLettersHaveTheKnownDigest() {
        let digest = SHA256.digest(of: [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
        #expect(
            digest.bytes == bytes(hex: "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"))
    }

    @Test func digestsAreComputedOnManyThreadsAtOnce() async {
        let expected = SHA256.digest(of: "dragon")
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 {
                group.addTask { (0..<1_000).allSatisfy { _ in SHA256.digest(of: "dragon") == expected } }
            }
            for await allRight in group { #expect(allRight) }
        }
    }
}

@Suite struct SHA256DigestTests {
    @Test(arguments: [0, 1, 31, 33, 64])
    func otherLengthsAreRefused(_ count: Int) {
        #expect(SHA256Digest(bytes: [UInt8](repeating: 7, count: count)) == nil)
    }

    @Test func bytesComeBackInOrder() throws {
        let bytes = Array(UInt8(1)...32)
        let digest = try #require(SHA256Digest(bytes: bytes))
        #expect(digest.bytes == bytes)
        #expect(digest.withUnsafeBytes { Array($0) } == bytes)
        #expect(bytes.withUnsafeBytes { SHA256Digest(bytes: $0) } == digest)
    }

    @Test func oneBitMakesAnotherDigest() throws {
        let digest = SHA256.digest(of: "dragon")
        for bit in 0..<256 {
            var bytes = digest.bytes
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            let other = try #require(SHA256Digest(bytes: bytes))
            #expect(other != digest)
        }
    }

    @Test func fitsInFourWords() {
        #expect(MemoryLayout<SHA256Digest>.size == 32)
    }
}
