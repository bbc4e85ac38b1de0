import Synchronization
public import TesseraCrypto

extension RandomSource {
    /// A source that produces the same bytes for the same seed. It uses SplitMix64 and is predictable: only for tests.
    public static func seeded(_ seed: UInt64) -> RandomSource {
        let generator = SeededGenerator(seed)
        return RandomSource { bytes in generator.fill(&bytes) }
    }
}

private final class SeededGenerator: Sendable {
    private let state: Mutex<UInt64>

    init(_ seed: UInt64) { state = Mutex(seed) }

    func fill(_ bytes: inout [UInt8]) {
        state.withLock { state in
            for index in bytes.indices {
                state &+= 0x9E37_79B9_7F4A_7C15
                var word = state
                word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
                word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
                bytes[index] = UInt8(truncatingIfNeeded: word >> 56)
            }
        }
    }
}
