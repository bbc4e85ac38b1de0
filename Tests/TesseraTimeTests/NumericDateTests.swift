import TesseraTime
import Testing

@Suite struct NumericDateTests {
    @Test func secondsRoundDown() {
        #expect(NumericDate(milliseconds: 1_999).seconds == 1)
        #expect(NumericDate(milliseconds: -1).seconds == -1)
        #expect(NumericDate(milliseconds: -1_000).seconds == -1)
        #expect(NumericDate(seconds: 7).milliseconds == 7_000)
    }

    @Test func arithmeticIsExactToTheMillisecond() {
        let date = NumericDate(seconds: 100)
        #expect(date + .milliseconds(1) == NumericDate(milliseconds: 100_001))
        #expect(date - .seconds(101) == NumericDate(seconds: -1))
        #expect(date + .microseconds(999) == date)
        #expect((date + .seconds(90)) - date == .seconds(90))
        #expect(date - (date + .milliseconds(5)) == .milliseconds(-5))
    }

    @Test func arithmeticSaturates() {
        let first = NumericDate(milliseconds: .min)
        let last = NumericDate(milliseconds: .max)
        #expect(NumericDate(seconds: .max) == last)
        #expect(NumericDate(seconds: .min) == first)
        #expect(last + .milliseconds(1) == last)
        #expect(first - .milliseconds(1) == first)
        #expect(NumericDate(seconds: 0) + Duration(attoseconds: .max) == last)
        #expect(NumericDate(seconds: 0) - Duration(attoseconds: .max) == first)
        #expect((last - first) > .seconds(Int64.max / 1_000))
    }

    @Test func earlierIsLess() {
        #expect(NumericDate(milliseconds: 1) < NumericDate(milliseconds: 2))
        #expect(!(NumericDate(milliseconds: 2) < NumericDate(milliseconds: 2)))
    }
}

@Suite struct NumericDateTextTests {
    @Test(
        "RFC 3339 §5.8 and the calendar's corners",
        arguments: [
            ("1985-04-12T23:20:50.52Z", 482_196_050_520), ("1996-12-19T16:39:57-08:00", 851_042_397_000),
            ("1937-01-01T12:00:27.87+00:20", -1_041_337_172_130), ("1970-01-01T00:00:00Z", 0),
            ("1969-12-31T23:59:59.999Z", -1), ("2000-02-29T00:00:00Z", 951_782_400_000),
            ("2024-02-29t12:00:00z", 1_709_208_000_000), ("2026-11-23T23:05:00-00:00", 1_795_475_100_000),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000), ("0000-01-01T00:00:00Z", -62_167_219_200_000),
            ("0000-02-29T00:00:00.000Z", -62_162_121_600_000),
            ("0001-01-01T00:00:00+00:01", -62_135_596_860_000),
            ("0000-01-01T00:00:00-23:59", -62_167_132_860_000),
            ("9999-12-31T23:59:59+23:59", 253_402_214_459_000),
            // Leap seconds: RFC 3339 §5.8, with a fraction, at the end of February, in a leap year too.
            ("1990-12-31T23:59:60Z", 662_688_000_000), ("1990-12-31T15:59:60-08:00", 662_688_000_000),
            ("2016-12-31T23:59:60.75Z", 1_483_228_800_750), ("2017-01-01T00:59:60+01:00", 1_483_228_800_000),
            ("2026-02-28T23:59:60Z", 1_772_323_200_000), ("2024-02-29T23:59:60z", 1_709_251_200_000),
            ("9999-12-31T23:59:59.9999Z", 253_402_300_799_999),
            ("2026-11-24T00:04:00+00:59", 1_795_475_100_000), ("1970-01-01T23:59:00+23:59", 0),
        ] as [(String, Int64)])
    func instantsAreParsed(_ text: String, _ milliseconds: Int64) {
        #expect(NumericDate(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2026-11-23", "2026-11-23T23:05:00", "2026-11-23 23:05:00Z", "2026-11-23T23:05Z",
        "2026-11-23T23:05:60Z", "1990-12-31T23:58:60Z", "1990-12-30T23:59:60Z", "1990-12-31T23:59:60+01:00",
        "2024-02-28T23:59:60Z", "9999-12-31T23:59:60Z", "1990-12-31T23:59:61Z", "1990-12-31T23:60:60Z",
        "2026-11-23T24:00:00Z", "2026-12-31T24:00:00Z", "2026-11-23T23:60:00Z",
        "2026-02-29T00:00:00Z", "2026-02-31T00:00:00Z", "1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z",
        "0000-01-01T00:00:00+00:01", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59-23:59",
        "9999-12-31T23:59:59-00:01",
        "2026-11-23T23:05:00.Z", "2026-11-23T23:05:00,5Z", "2026-11-23T23:05:00+24:00",
        "2026-11-23T23:05:00+01:60", "2026-11-23T23:05:00+0100", "2026-11-23T23:05:00+01",
        "2026-11-23T23:05:00+1:00", "2026-11-23T23:05:00ZZ", " 2026-11-23T23:05:00Z",
        "2026-11-23T23:05:00Z ", "2026-11-23T23:05:00Z\n", "+2026-11-23T23:05:00Z", "2026-1-23T23:05:00Z",
        "20261123T230500Z", "2026-11-23T23:05:00\u{0}Z", "２026-11-23T23:05:00Z", "-001-11-23T23:05:00Z",
        "2026-11-23T+3:05:00Z", "12026-11-23T23:05:00Z",
    ])
    func anythingElseIsRefused(_ text: String) {
        #expect(NumericDate(rfc3339: text) == nil)
    }

    @Test func longFractionsAreCutToMilliseconds() {
        let digits = String(repeating: "9", count: 10_000)
        #expect(NumericDate(rfc3339: "1970-01-01T00:00:00.\(digits)Z")?.milliseconds == 999)
    }

    @Test(
        arguments: [
            ("2026-11-23", 1_795_392_000), ("1970-01-01", 0), ("2024-02-29", 1_709_164_800),
            ("1969-12-31", -86_400),
        ] as [(String, Int64)])
    func daysAreParsed(_ text: String, _ seconds: Int64) {
        #expect(NumericDate(date: text) == NumericDate(seconds: seconds))
    }

    @Test(arguments: [
        "", "2026-11-31", "2025-02-29", "2026-11-23Z", "2026-11-23T00:00:00Z", "26-11-23", "0000-00-00",
        "10000-01-01",
    ])
    func daysThatAreNotAreRefused(_ text: String) {
        #expect(NumericDate(date: text) == nil)
    }

    @Test func millisecondsAppearOnlyWhenThereAreSome() {
        #expect(NumericDate(seconds: 1_795_475_100).rfc3339 == "2026-11-23T23:05:00Z")
        #expect(NumericDate(milliseconds: 1_795_475_100_007).rfc3339 == "2026-11-23T23:05:00.007Z")
        #expect(NumericDate(milliseconds: -1).rfc3339 == "1969-12-31T23:59:59.999Z")
    }

    @Test func instantsBeyondFourDigitYearsAreWrittenAsTheNearest() {
        #expect(NumericDate(milliseconds: .max).rfc3339 == "9999-12-31T23:59:59.999Z")
        #expect(NumericDate(milliseconds: .min).rfc3339 == "0000-01-01T00:00:00Z")
        #expect(NumericDate(milliseconds: .max).httpDate == "Fri, 31 Dec 9999 23:59:59 GMT")
    }

    @Test func everyDayOfFourCenturiesRoundTrips() throws {
        var expected = NumericDate(seconds: 946_684_800)  // 2000-01-01
        for _ in 0..<146_097 {
            let text = expected.rfc3339
            guard NumericDate(rfc3339: text) == expected,
                NumericDate(date: String(text.prefix(10))) == expected
            else {
                Issue.record("\(text) does not come back")
                return
            }
            expected = expected + .seconds(86_400)
        }
        #expect(expected.rfc3339 == "2400-01-01T00:00:00Z")
    }

    @Test("RFC 9110 §5.6.7")
    func httpDateIsInFixedForm() {
        #expect(NumericDate(seconds: 784_111_777).httpDate == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(NumericDate(seconds: 0).httpDate == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(NumericDate(seconds: -1).httpDate == "Wed, 31 Dec 1969 23:59:59 GMT")
        #expect(NumericDate(milliseconds: 1_795_475_100_999).httpDate == "Mon, 23 Nov 2026 23:05:00 GMT")
    }
}
