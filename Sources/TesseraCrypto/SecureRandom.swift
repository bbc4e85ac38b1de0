import Synchronization
import TesseraCOpenSSL

/// A source of random bytes.
///
/// The program passes it in at start, so that tests can use a seeded source.
public struct RandomSource: Sendable {
    private let fill: @Sendable (inout [UInt8]) -> Void

    /// Makes a source from a function that fills every byte of an array.
    ///
    /// - Warning: With any source other than ``system``, tokens can be guessed. For tests.
    public init(fill: @escaping @Sendable (inout [UInt8]) -> Void) {
        self.fill = fill
    }

    /// The generator of libcrypto for secret values. The kernel seeds it, and it is safe across threads.
    ///
    /// A failure ends the process: a server that is down is better than one whose tokens can be guessed.
    public static let system: RandomSource = {
        let ahead = Mutex(DrawnAhead())
        return RandomSource { bytes in ahead.withLock { $0.fill(&bytes) } }
    }()

    /// A generator for identifiers that must differ but may be guessed, such as those of refusals. Several times as
    /// fast as ``system``, so that a flood of refusals stays cheap.
    ///
    /// - Warning: Never use it for a value that grants access.
    public static let insecure: RandomSource = {
        let counter = Atomic<UInt64>(0)
        let seed = system.bytes(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        return RandomSource { bytes in
            for start in stride(from: 0, to: bytes.count, by: 8) {
                // SplitMix64: the values of a counter, mixed.
                let step = counter.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
                var word = seed &+ step
                word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
                word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
                word ^= word >> 31
                for index in start..<min(start + 8, bytes.count) {
                    bytes[index] = UInt8(truncatingIfNeeded: word)
                    word >>= 8
                }
            }
        }
    }()

    /// Returns `count` random bytes.
    public func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        if count > 0 { fill(&bytes) }
        return bytes
    }

    /// Returns `count` independent, uniformly distributed numbers below `bound`, which must be positive.
    ///
    /// For the characters of a token: the source is used about once, not once for each number.
    public func uniform(below bound: UInt8, count: Int) -> [UInt8] {
        precondition(bound > 0, "there is no number below 0")
        let limit = 256 / UInt16(bound) * UInt16(bound)
        var numbers: [UInt8] = []
        numbers.reserveCapacity(count)
        while numbers.count < count {
            // Up to half of the bytes are rejected; a quarter more than needed is usually enough.
            let missing = count - numbers.count
            for byte in bytes(missing + missing / 4 + 4) where UInt16(byte) < limit {
                guard numbers.count < count else { break }
                numbers.append(byte % bound)
            }
        }
        return numbers
    }
}

/// Random bytes that are drawn in advance, because libcrypto takes nearly as long for a few bytes as for many. Each byte is
/// wiped when it is handed out, as in `arc4random`.
private struct DrawnAhead {
    private static let capacity = 1_024
    private var bytes = [UInt8](repeating: 0, count: capacity)
    /// The number of bytes that are left, at the start of `bytes`.
    private var count = 0

    mutating func fill(_ result: inout [UInt8]) {
        guard result.count <= Self.capacity / 4 else { return Self.draw(&result) }
        if count < result.count {
            Self.draw(&bytes)
            count = Self.capacity
        }
        for index in result.indices {
            count -= 1
            result[index] = bytes[count]
            bytes[count] = 0
        }
    }

    private static func draw(_ bytes: inout [UInt8]) {
        guard RAND_priv_bytes(&bytes, Int32(bytes.count)) == 1 else {
            fatalError("libcrypto has no random bytes")
        }
    }
}
