import Synchronization
public import TesseraCore
public import TesseraTime

/// A clock that a test advances. It does not move by itself.
public final class FixedClock: Sendable {
    private let instant: Mutex<NumericDate>

    /// Creates a clock that shows `instant`.
    public init(_ instant: NumericDate = fixtureInstant) { self.instant = Mutex(instant) }

    /// The instant that the clock shows.
    public var now: NumericDate { instant.withLock { $0 } }

    /// Advances the clock. A negative duration sets it back.
    public func advance(by duration: Duration) { instant.withLock { $0 = $0 + duration } }

    /// This clock in the form that the program takes.
    public var clock: WallClock { WallClock { self.now } }
}
