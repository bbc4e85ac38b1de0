public import TesseraTime

/// A source of the present instant.
///
/// Core never asks it by itself: the caller of an operation reads the clock once and passes `now`.
public struct WallClock: Sendable {
    private let read: @Sendable () -> NumericDate

    public init(_ read: @escaping @Sendable () -> NumericDate) { self.read = read }

    public var now: NumericDate { read() }
}
