import TesseraTime
import Testing

@testable import tessera

@Suite struct ExpiryTests {
    private static let now = NumericDate(seconds: 1_800_000_000)

    @Test func daysCountFromNow() {
        #expect(Expiry("30d")?.instant(from: Self.now) == NumericDate(seconds: 1_800_000_000 + 30 * 86_400))
    }

    @Test func dateMeansThroughThatDay() {
        #expect(Expiry("2027-01-30") == .at(NumericDate(seconds: 1_801_353_600)))
        #expect(Expiry("9999-12-31") == .at(NumericDate(rfc3339: "9999-12-31T23:59:59Z")!))
    }

    @Test func instantIsItself() {
        #expect(Expiry("2027-01-31T01:00:00+01:00") == .at(NumericDate(seconds: 1_801_353_600)))
    }

    @Test func neverIsNoInstant() {
        #expect(Expiry("never") == .never)
        #expect(Expiry.never.instant(from: Self.now) == nil)
    }

    @Test(arguments: [
        "", "30", "d", "0d", "-1d", "+1d", "1.5d", "100000d", "30D", "30 d", "Never", "yesterday",
        "2027-02-30", "2027-1-31",
    ])
    func anythingElseIsRefused(text: String) {
        #expect(Expiry(text) == nil)
    }
}
