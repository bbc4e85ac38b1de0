import TesseraTime
import Testing

@Suite struct ClampedArithmeticTests {
    @Test func sumsEndAtTheLimits() {
        #expect(Int64(1).addingClamped(2) == 3)
        #expect(Int64.max.addingClamped(1) == .max)
        #expect(Int64.min.addingClamped(-1) == .min)
        #expect(Int64.max.addingClamped(.min) == -1)
        #expect(UInt8(250).addingClamped(10) == .max)
    }

    @Test func differencesEndAtTheLimits() {
        #expect(Int64(1).subtractingClamped(2) == -1)
        #expect(Int64(0).subtractingClamped(.min) == .max)
        #expect(Int64.min.subtractingClamped(1) == .min)
        #expect(UInt8(3).subtractingClamped(10) == 0)
    }

    @Test(
        arguments: [
            (0.9, 0), (-0.9, 0), (1e300, .max), (-1e300, .min), (.infinity, .max), (-.infinity, .min),
            (.nan, 0),
            (0x1p63, .max), (-0x1p63, .min), (0x1p62, 1 << 62),
        ] as [(Double, Int)])
    func numbersWithFractionsBecomeTheNearestInteger(_ number: Double, _ integer: Int) {
        #expect(Int(clamping: number) == integer)
    }

    @Test func durationsAreCountedInWholeUnits() {
        #expect(Duration.milliseconds(-1_999).wholeMilliseconds == -1_999)
        #expect(Duration.nanoseconds(1_999).wholeMicroseconds == 1)
        #expect(Duration.microseconds(Int64.max).wholeMicroseconds == .max)
        #expect(Duration.seconds(Int64.max).wholeMilliseconds == .max)
        #expect(Duration.seconds(Int64.min).wholeMicroseconds == .min)
        #expect(Duration(attoseconds: .min).wholeNanoseconds == .min)
    }
}
