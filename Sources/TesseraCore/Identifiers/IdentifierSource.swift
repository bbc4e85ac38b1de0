import Synchronization
public import TesseraCrypto
public import TesseraTime

/// Makes identifiers that only ever go up within the process, also when the clock goes back (RFC 9562 §6.2).
public final class IdentifierSource: Sendable {
    private let random: RandomSource
    private let state = Mutex(State())

    private struct State {
        /// The last first half handed out: milliseconds and a 12-bit counter, without the version.
        var position: UInt64 = 0
        /// Random bytes drawn ahead, since asking for few is hardly cheaper than asking for many.
        var drawn: [UInt8] = []
    }

    private static let drawnAhead = 64 * 8

    /// Makes a source that draws the random bits from `random`.
    public init(random: RandomSource) { self.random = random }

    /// Makes the next identifier, which is greater than those before.
    public func next<Entity>(_ type: Entity.Type = Entity.self, at now: NumericDate) -> Identifier<Entity> {
        let moment = UInt64(clamping: now.milliseconds) & 0xFFFF_FFFF_FFFF
        let (position, tail) = state.withLock { state in
            // A full counter runs over into the next millisecond, which keeps the order.
            state.position = max(moment << 12, state.position + 1)
            if state.drawn.isEmpty { state.drawn = random.bytes(Self.drawnAhead) }
            var tail: UInt64 = 0
            for _ in 0..<8 { tail = tail << 8 | UInt64(state.drawn.removeLast()) }
            return (state.position, tail)
        }
        return Identifier(
            high: (position >> 12) << 16 | 0x7000 | position & 0xFFF,
            low: 0x8000_0000_0000_0000 | tail & 0x3FFF_FFFF_FFFF_FFFF)
    }
}
