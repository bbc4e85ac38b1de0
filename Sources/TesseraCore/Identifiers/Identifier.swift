/// The name of one entity: a UUIDv7 (RFC 9562 §5.7), typed by what it names.
///
/// Sortable by the time it was made, the same on every store and node, and never a secret.
public struct Identifier<Entity>: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The first eight bytes, big-endian: 48 bits of milliseconds, the version, 12 bits.
    public let high: UInt64
    /// The last eight bytes, big-endian: the variant and 62 bits.
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// - Parameter bytes: Sixteen bytes as they stand at rest; anything else gives `nil`.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        var words: (UInt64, UInt64) = (0, 0)
        for (index, byte) in bytes.enumerated() {
            if index < 8 {
                words.0 = words.0 << 8 | UInt64(byte)
            } else {
                words.1 = words.1 << 8 | UInt64(byte)
            }
        }
        self.init(high: words.0, low: words.1)
    }

    /// - Parameter text: 36 characters in the form of RFC 9562 §4, in either case; anything else gives `nil`.
    public init?(_ text: String) {
        var bytes: [UInt8] = []
        var digits = 0
        var pending: UInt8 = 0
        guard text.utf8.count == 36 else { return nil }
        for (index, character) in text.utf8.enumerated() {
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard character == UInt8(ascii: "-") else { return nil }
                continue
            }
            let value: UInt8
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = character - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = character - UInt8(ascii: "A") + 10
            default: return nil
            }
            pending = pending << 4 | value
            digits += 1
            if digits % 2 == 0 {
                bytes.append(pending)
                pending = 0
            }
        }
        self.init(bytes: bytes)
    }

    /// Sixteen bytes, big-endian.
    public var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
            for index in 0..<8 {
                buffer[index] = UInt8(truncatingIfNeeded: high >> UInt64(56 - 8 * index))
                buffer[index + 8] = UInt8(truncatingIfNeeded: low >> UInt64(56 - 8 * index))
            }
            count = 16
        }
    }

    /// The form of RFC 9562 §4: lower-case hexadecimal digits in groups of 8-4-4-4-12.
    public var description: String {
        String(unsafeUninitializedCapacity: Self.textLength) { buffer in
            buffer.baseAddress.map(writeText) ?? 0
        }
    }

    /// The length of ``description``.
    public static var textLength: Int { 36 }

    /// Stores what ``description`` says, for whoever has room for it and wants no string.
    ///
    /// - Parameter output: Room for ``textLength`` bytes.
    /// - Returns: ``textLength``.
    public func writeText(into output: UnsafeMutablePointer<UInt8>) -> Int {
        writeHexadecimal(high, 0..<4, into: output)
        output[8] = UInt8(ascii: "-")
        writeHexadecimal(high, 4..<6, into: output + 9)
        output[13] = UInt8(ascii: "-")
        writeHexadecimal(high, 6..<8, into: output + 14)
        output[18] = UInt8(ascii: "-")
        writeHexadecimal(low, 0..<2, into: output + 19)
        output[23] = UInt8(ascii: "-")
        writeHexadecimal(low, 2..<8, into: output + 24)
        return Self.textLength
    }

    public static func < (left: Self, right: Self) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

/// Stores bytes of a word, counted from the most significant, as lower-case hexadecimal digits.
private func writeHexadecimal(
    _ word: UInt64, _ bytes: Range<UInt64>, into output: UnsafeMutablePointer<UInt8>
) {
    var position = 0
    for index in bytes {
        let byte = UInt8(truncatingIfNeeded: word >> (56 - 8 * index))
        output[position] = hexadecimalDigit(byte >> 4)
        output[position + 1] = hexadecimalDigit(byte & 0xF)
        position += 2
    }
}

/// The lower-case digit of a value below 16.
private func hexadecimalDigit(_ value: UInt8) -> UInt8 { value < 10 ? value + 0x30 : value + 0x57 }
