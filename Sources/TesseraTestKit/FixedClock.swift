import Synchronization
public import TesseraCore
public import TesseraTime

/// A clock that stands still until a test moves it.
public final class FixedClock: Sendable {
    private let instant: Mutex<NumericDate>

    public init(_ instant: NumericDate = fixtureInstant) { self.instant = Mutex(instant) }

    public var now: NumericDate { instant.withLock { $0 } }

    /// Moves the clock; back, for a negative duration.
    public func advance(by duration: Duration) { instant.withLock { $0 = $0 + duration } }

    /// The clock as the rest of the program takes it.
    public var clock: WallClock { WallClock { self.now } }
}
