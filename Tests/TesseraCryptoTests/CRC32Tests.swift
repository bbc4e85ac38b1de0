import TesseraCrypto
import Testing

@Suite struct CRC32Tests {
    @Test(
        "check value of the CRC catalogue, and texts whose checksums zlib gives",
        arguments: [
            ("123456789", 0xCBF4_3926), ("", 0), ("a", 0xE8B7_BE43), ("abc", 0x3524_41C2),
            ("The quick brown fox jumps over the lazy dog", 0x414F_A339),
        ] as [(String, UInt32)])
    func checksumsAreTheKnownOnes(_ text: String, _ checksum: UInt32) {
        #expect(CRC32.checksum(of: Array(text.utf8)) == checksum)
    }

    @Test func everyLengthAgreesWithTheDefinition() {
        for count in 0...130 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 89 + count) }
            #expect(CRC32.checksum(of: bytes) == bitByBit(bytes))
        }
    }

    @Test func oneBitChangesTheChecksum() {
        let text = Array("tcp_0123456789012345678901234567890123456789012345678901234567".utf8)
        for bit in 0..<(text.count * 8) {
            var other = text
            other[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(CRC32.checksum(of: other) != CRC32.checksum(of: text))
        }
    }

    private func bitByBit(_ bytes: [UInt8]) -> UInt32 {
        var crc = ~0 as UInt32
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }
}
