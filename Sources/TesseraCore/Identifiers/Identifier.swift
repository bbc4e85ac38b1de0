/// The name of one entity: a UUIDv7 (RFC 9562 §5.7), typed by what it names.
///
/// Sortable by the time it was made, the same on every store and node, and never a secret.
public struct Identifier<Entity>: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The first eight bytes, big-endian: 48 bits of milliseconds, the version, 12 bits.
    public let high: UInt64
    /// The last eight bytes, big-endian: the variant and 62 bits.
    public let low: UInt64

    /// Makes an identifier of its two halves.
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

    /// Writes the text of ``description`` into a buffer, without making a string.
    ///
    /// - Parameter output: Room for ``textLength`` bytes.
    /// - Returns: ``textLength``.
    public func writeText(into output: UnsafeMutablePointer<UInt8>) -> Int {
        let raw = UnsafeMutableRawPointer(output)
        let middle = hexadecimalDigits(UInt32(truncatingIfNeeded: high))
        let variant = hexadecimalDigits(UInt32(truncatingIfNeeded: low >> 32))
        store8(hexadecimalDigits(UInt32(truncatingIfNeeded: high >> 32)), raw)
        store4(middle >> 32, raw + 9)
        store4(middle, raw + 14)
        store4(variant >> 32, raw + 19)
        store4(variant, raw + 24)
        store8(hexadecimalDigits(UInt32(truncatingIfNeeded: low)), raw + 28)
        output[8] = UInt8(ascii: "-")
        output[13] = UInt8(ascii: "-")
        output[18] = UInt8(ascii: "-")
        output[23] = UInt8(ascii: "-")
        return Self.textLength
    }

    /// The last 48 bits, which are random. What is counted on there stays as unlikely to be met again as they are.
    package var tail: UInt64 { low & 0xFFFF_FFFF_FFFF }

    /// The identifier that many places behind this one, in steps of one in its ``tail``.
    package func followed(by number: Int) -> Self {
        let tail = (tail &+ UInt64(truncatingIfNeeded: number)) & 0xFFFF_FFFF_FFFF
        return Self(high: high, low: low & ~0xFFFF_FFFF_FFFF | tail)
    }

    public static func < (left: Self, right: Self) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

/// The eight lower-case hexadecimal digits of a word, the first in the highest byte.
///
/// All at once: an identifier stands in every refusal, and digit by digit it would cost more than the rest of it.
@inline(__always)
private func hexadecimalDigits(_ word: UInt32) -> UInt64 {
    // Each nibble in a byte of its own.
    var nibbles = UInt64(word)
    nibbles = (nibbles | nibbles << 16) & 0x0000_FFFF_0000_FFFF
    nibbles = (nibbles | nibbles << 8) & 0x00FF_00FF_00FF_00FF
    nibbles = (nibbles | nibbles << 4) & 0x0F0F_0F0F_0F0F_0F0F
    // Those above 9 carry into bit 4 when 6 is added, and are letters: `a` stands 39 behind the digit that 10 would be.
    let letters = (nibbles &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
    return nibbles &+ 0x3030_3030_3030_3030 &+ letters &* 0x27
}

/// Stores eight digits, the first from the highest byte.
@inline(__always)
private func store8(_ digits: UInt64, _ output: UnsafeMutableRawPointer) {
    output.storeBytes(of: digits.bigEndian, as: UInt64.self)
}

/// Stores the four digits of the lower half.
@inline(__always)
private func store4(_ digits: UInt64, _ output: UnsafeMutableRawPointer) {
    output.storeBytes(of: UInt32(truncatingIfNeeded: digits).bigEndian, as: UInt32.self)
}
