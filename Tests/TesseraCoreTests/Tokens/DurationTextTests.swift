import TesseraCore
import Testing

@Suite struct DurationTextTests {
    @Test(
        arguments: [
            ("0", 0), ("0s", 0), ("1s", 1), ("90s", 90), ("15m", 900), ("24h", 86_400), ("7d", 604_800),
            ("99999d", 8_639_913_600),
        ] as [(String, Int64)])
    func textIsADuration(_ text: String, seconds: Int64) {
        #expect(DurationText.parse(text) == .seconds(seconds))
    }

    @Test(arguments: [
        "", "d", "1", "-1d", "+1d", "1 d", " 1d", "1d ", "1.5h", "1D", "1w", "100000d", "١d", "1dd", "0x1d",
        "9223372036854775807d", "99999999999999999999s", "-9223372036854775808h",
    ])
    func nearMissIsNone(_ text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(arguments: ["0", "1s", "90s", "15m", "25h", "7d"])
    func durationIsWrittenInItsLargestUnit(_ text: String) throws {
        #expect(DurationText.format(try #require(DurationText.parse(text))) == text)
    }

    @Test(arguments: [
        ("0", "0 seconds"), ("1s", "1 second"), ("90s", "90 seconds"), ("24h", "1 day"), ("7d", "7 days"),
    ])
    func durationIsWrittenInWords(_ text: String, words: String) throws {
        #expect(DurationText.words(try #require(DurationText.parse(text))) == words)
    }
}
