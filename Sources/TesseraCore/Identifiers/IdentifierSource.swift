import Synchronization
public import TesseraCrypto
public import TesseraJOSE

/// Makes identifiers that only ever go up within the process, also when the clock goes back (RFC 9562 §6.2).
public final class IdentifierSource: Sendable {
    private let random: RandomSource
    /// The last first half handed out: milliseconds and a 12-bit counter, without the version.
    private let last = Mutex<UInt64>(0)

    public init(random: RandomSource) { self.random = random }

    public func next<Entity>(_ type: Entity.Type = Entity.self, at now: NumericDate) -> Identifier<Entity> {
        let bytes = random.bytes(8)
        let tail = bytes.reduce(0) { $0 << 8 | UInt64($1) }
        let moment = UInt64(clamping: now.milliseconds) & 0xFFFF_FFFF_FFFF
        let position = last.withLock { last in
            // A full counter runs over into the next millisecond, which keeps the order.
            last = max(moment << 12, last + 1)
            return last
        }
        return Identifier(
            high: (position >> 12) << 16 | 0x7000 | position & 0xFFF,
            low: 0x8000_0000_0000_0000 | tail & 0x3FFF_FFFF_FFFF_FFFF)
    }
}
