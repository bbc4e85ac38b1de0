import TesseraCrypto

/// The content of a table in a few bytes, to compare two: the number of rows and the sum of their digests, which does not depend
/// on their order.
public struct TableDigest: Sendable, Hashable {
    /// The number of rows.
    public private(set) var rows = 0
    private var sum: UInt64 = 0
    private var otherSum: UInt64 = 0

    mutating func add(_ row: [PostgresValue]) {
        var bytes: [UInt8] = []
        for value in row {
            // The length before each value separates it from the next; null has a length of its own.
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

    /// The digest as 32 hexadecimal digits.
    public var text: String {
        [sum, otherSum].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
