import Testing

@testable import TesseraCrypto

@Suite struct ByteWordTests {
    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private func word(_ bytes: [UInt8]) -> ByteWord { bytes.withUnsafeBytes { ByteWord($0, at: 0) } }

    /// Every byte at every place, between neighbours that pass: none hides beside another.
    @Test(arguments: [UInt8(ascii: "a"), UInt8(ascii: "Z"), UInt8(ascii: "0"), UInt8(ascii: "_")])
    func everyByteIsJudgedByItself(_ neighbour: UInt8) {
        for place in 0..<8 {
            for byte in UInt8.min ... .max {
                var bytes = [UInt8](repeating: neighbour, count: 8)
                bytes[place] = byte
                let expected = Self.isAlphanumeric(byte) || byte == UInt8(ascii: "_")
                #expect(word(bytes).isAlphanumeric(or: UInt8(ascii: "_")) == expected)
            }
        }
    }

    /// Every pair of neighbours: what one carries must not reach the other.
    @Test func everyPairIsJudgedByBoth() {
        var wrong: [[UInt8]] = []
        for first in UInt8.min ... .max {
            for second in UInt8.min ... .max {
                let bytes = [0x61, 0x61, first, second, 0x61, 0x61, second, first] as [UInt8]
                let expected = Self.isAlphanumeric(first) && Self.isAlphanumeric(second)
                if word(bytes).isAlphanumeric(or: UInt8(ascii: "0")) != expected { wrong.append(bytes) }
            }
        }
        #expect(wrong.isEmpty)
    }
}
