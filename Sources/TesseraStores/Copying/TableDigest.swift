import TesseraCrypto
import TesseraPostgres

/// What stands in a table, in so few bytes that two can be compared: how many rows, and the sum of their digests, which
/// does not depend on the order in which they are read.
public struct TableDigest: Sendable, Hashable {
    /// How many rows.
    public private(set) var rows = 0
    private var sum: UInt64 = 0
    private var otherSum: UInt64 = 0

    mutating func add(_ row: [PostgresValue]) {
        var bytes: [UInt8] = []
        for value in row {
            // The length in front keeps two texts from being taken for two others; null has one that nothing else has.
            let start = bytes.count
            bytes += [0, 0, 0, 0]
            value.write(to: &bytes)
            let length = value == .null ? UInt32.max : UInt32(bytes.count - start - 4)
            for index in 0..<4 {
                bytes[start + index] = UInt8(truncatingIfNeeded: length >> UInt32(8 * index))
            }
        }
        let digest = SHA256.digest(of: bytes)
        rows += 1
        sum &+= digest.first
        otherSum &+= digest.spread
    }

    /// 32 hexadecimal digits.
    public var text: String {
        [sum, otherSum].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
