/// The CRC-32 of ISO 3309, as in zlib, PNG and token checksums. It detects typing errors, not forgeries.
///
/// Processes eight bytes in a step with eight tables: about 60 ns for the 62 bytes of a token, so that refusing garbage
/// costs almost nothing.
public enum CRC32 {
    /// Returns the checksum of `bytes`.
    public static func checksum(of bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBytes { checksum(of: $0) }
    }

    /// Returns the checksum of `bytes`.
    public static func checksum(of bytes: UnsafeRawBufferPointer) -> UInt32 {
        tables.withUnsafeBufferPointer { tables in
            var crc = ~0 as UInt32
            var index = 0
            while index + 8 <= bytes.count {
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                let mixed = word ^ UInt64(crc)
                crc = tables[7 << 8 | Int(mixed & 0xFF)]
                crc ^= tables[6 << 8 | Int(mixed >> 8 & 0xFF)]
                crc ^= tables[5 << 8 | Int(mixed >> 16 & 0xFF)]
                crc ^= tables[4 << 8 | Int(mixed >> 24 & 0xFF)]
                crc ^= tables[3 << 8 | Int(mixed >> 32 & 0xFF)]
                crc ^= tables[2 << 8 | Int(mixed >> 40 & 0xFF)]
                crc ^= tables[1 << 8 | Int(mixed >> 48 & 0xFF)]
                crc ^= tables[Int(mixed >> 56)]
                index += 8
            }
            while index < bytes.count {
                crc = crc >> 8 ^ tables[Int((crc ^ UInt32(bytes[index])) & 0xFF)]
                index += 1
            }
            return ~crc
        }
    }

    /// Table `k` contains the effect of a byte on the remainder when `k` more bytes follow; 256 entries each.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var remainder = UInt32(byte)
            for _ in 0..<8 {
                remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0xEDB8_8320 : remainder >> 1
            }
            tables[byte] = remainder
        }
        for index in 256..<tables.count {
            let before = tables[index - 256]
            tables[index] = before >> 8 ^ tables[Int(before & 0xFF)]
        }
        return tables
    }()
}
