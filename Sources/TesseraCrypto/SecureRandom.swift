import Synchronization
import TesseraCOpenSSL

/// Where random bytes come from.
///
/// Passed in by whoever wires a program together, so that a test can give a seeded one.
public struct RandomSource: Sendable {
    private let fill: @Sendable (inout [UInt8]) -> Void

    /// A source that fills every byte of the array it is given.
    ///
    /// - Warning: Anything but ``system`` makes tokens that can be guessed. For tests.
    public init(fill: @escaping @Sendable (inout [UInt8]) -> Void) {
        self.fill = fill
    }

    /// The generator of libcrypto for values that stay secret, seeded by the kernel, safe across threads.
    ///
    /// A failure ends the process: there is no second-best source, and a token that can be guessed is worse
    /// than a server that is down.
    public static let system: RandomSource = {
        let ahead = Mutex(DrawnAhead())
        return RandomSource { bytes in ahead.withLock { $0.fill(&bytes) } }
    }()

    /// A generator for names that must differ and may be guessed, such as those of refusals, of which a flood draws very
    /// many. Several times as fast as ``system``.
    ///
    /// - Warning: Never for anything that lets somebody in.
    public static let insecure: RandomSource = {
        let counter = Atomic<UInt64>(0)
        let seed = system.bytes(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        return RandomSource { bytes in
            for start in stride(from: 0, to: bytes.count, by: 8) {
                // SplitMix64: the steps of a counter, thoroughly mixed.
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

    /// That many random bytes.
    public func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        if count > 0 { fill(&bytes) }
        return bytes
    }

    /// A number from 0 up to but not including `bound`, which must be positive; each equally likely.
    public func uniform(below bound: Int) -> Int {
        precondition(bound > 0, "there is no number below \(bound)")
        let bound = UInt64(bound)
        // What lies beyond the last whole multiple of the bound would favour the small numbers.
        let limit = UInt64.max - UInt64.max % bound
        while true {
            let number = bytes(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
            if number < limit { return Int(number % bound) }
        }
    }

    /// That many independent numbers below `bound`, which must be positive; each equally likely.
    ///
    /// For picking the characters of a token: it asks the source about once, not once per number.
    public func uniform(below bound: UInt8, count: Int) -> [UInt8] {
        precondition(bound > 0, "there is no number below 0")
        let limit = 256 / UInt16(bound) * UInt16(bound)
        var numbers: [UInt8] = []
        numbers.reserveCapacity(count)
        while numbers.count < count {
            // Up to half of the bytes are passed over; a quarter more than needed is usually enough.
            let missing = count - numbers.count
            for byte in bytes(missing + missing / 4 + 4) where UInt16(byte) < limit {
                guard numbers.count < count else { break }
                numbers.append(byte % bound)
            }
        }
        return numbers
    }
}

/// Random bytes drawn ahead, since asking libcrypto for few costs hardly less than asking for many. As `arc4random` does, each
/// byte is wiped when it is handed out.
private struct DrawnAhead {
    private static let capacity = 1_024
    private var bytes = [UInt8](repeating: 0, count: capacity)
    /// The number of bytes that were not handed out yet: the first ones.
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
