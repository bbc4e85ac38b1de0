import Testing

@testable import TesseraServer

@Suite struct LifetimeTests {
    private static func days(_ number: Int) -> Duration { .seconds(number * 86_400) }

    @Test(arguments: [
        (nil, ["7d", "30d", "90d", "365d", "never"]), (days(365), ["7d", "30d", "90d", "365d"]),
        (days(366), ["7d", "30d", "90d", "365d", "366d"]), (days(45), ["7d", "30d", "45d"]),
        (days(7), ["7d"]), (days(1), ["1d"]), (.seconds(43_200), ["12h"]),
    ])
    func nothingIsOfferedThatThePolicyForbids(longest: Duration?, values: [String]) {
        #expect(Lifetime.offered(upTo: longest).map(\.value) == values)
    }

    @Test(arguments: [(nil, "30d"), (days(30), "30d"), (days(29), "29d"), (days(2), "2d")])
    func thirtyDaysAreChosenWhereTheyAreAllowed(longest: Duration?, value: String) {
        #expect(Lifetime.offered(upTo: longest).preselected == value)
    }

    @Test(arguments: [
        (days(45), "45 days"), (days(1), "1 day"), (.seconds(43_200), "12 hours"),
        (.seconds(90), "90 seconds"),
    ])
    func durationIsSaidInWords(duration: Duration, words: String) {
        #expect(Lifetime.words(for: duration) == words)
    }
}
