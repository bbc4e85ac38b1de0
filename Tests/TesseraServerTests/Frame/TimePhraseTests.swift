import TesseraTime
import Testing

@testable import TesseraServer

@Suite struct TimePhraseTests {
    static let phrases: [(seconds: Int64, text: String)] = [
        (0, "just now"), (-1, "just now"), (-44, "just now"), (-45, "1 minute ago"), (-89, "1 minute ago"),
        (-90, "2 minutes ago"), (-3_569, "59 minutes ago"), (-3_570, "1 hour ago"), (-7_200, "2 hours ago"),
        (-84_599, "23 hours ago"), (-84_600, "1 day ago"), (-86_400, "1 day ago"),
        (-10 * 86_400, "10 days ago"),
        (-30 * 86_400, "30 days ago"), (-31 * 86_400, "on 23 October 2026"),
        (1, "in a moment"), (44, "in a moment"), (45, "in 1 minute"), (300, "in 5 minutes"),
        (3_600, "in 1 hour"), (7_200, "in 2 hours"), (86_400, "in 1 day"), (29 * 86_400, "in 29 days"),
        (30 * 86_400 - 30, "in 30 days"), (99 * 86_400, "in 99 days"), (100 * 86_400, "on 3 March 2027"),
        (365 * 86_400, "on 23 November 2027"),
    ]

    @Test(arguments: phrases)
    func phrase(seconds: Int64, expected: String) {
        #expect(TimePhrase(noon + .seconds(seconds), now: noon).text == expected)
    }

    @Test func instantsFarApartAreDates() {
        let first = NumericDate(milliseconds: .min)
        let last = NumericDate(milliseconds: .max)
        #expect(TimePhrase(last, now: first).text == "on 31 December 9999")
        #expect(TimePhrase(first, now: last).text == "on 1 January 0000")
    }

    @Test func exactInstantHasTheMinuteInUTC() {
        #expect(TimePhrase(noon - .seconds(10_500), now: noon).exact == "23 November 2026, 09:05 UTC")
    }

    @Test func pageShowsThePhraseAndKeepsTheInstant() {
        let page = HomePage(context: .signedOut())
        let time = MarkupReader(page.time(noon - .seconds(7_200)).text).first("time")
        #expect(time?.text == "2 hours ago")
        #expect(
            time?.attributes == ["datetime": "2026-11-23T10:00:00Z", "title": "23 November 2026, 10:00 UTC"])
    }
}
