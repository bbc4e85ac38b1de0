public import TesseraTime

/// A source of the present instant.
///
/// Core never asks it by itself: the caller of an operation reads the clock once and passes `now`.
public struct WallClock: Sendable {
    private let read: @Sendable () -> NumericDate

    /// Makes a clock of a function.
    public init(_ read: @escaping @Sendable () -> NumericDate) { self.read = read }

    /// The present instant.
    public var now: NumericDate { read() }
}
