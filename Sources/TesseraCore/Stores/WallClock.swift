public import TesseraTime

/// Where the present instant comes from.
///
/// Core never asks it by itself: whoever calls an operation reads the clock once and passes `now`.
public struct WallClock: Sendable {
    private let read: @Sendable () -> NumericDate

    public init(_ read: @escaping @Sendable () -> NumericDate) { self.read = read }

    public var now: NumericDate { read() }
}
