import TesseraTime
import Testing

@Suite struct TimeZoneRulesTests {
    /// A file as RFC 9636 §3 describes it, with an empty block for readers of version 1.
    static func tzif(
        times: [Int64] = [], kinds: [UInt8] = [], offsets: [Int32] = [0], footer: String = "",
        version: String = "2", leapSeconds: UInt8 = 0
    ) -> [UInt8] {
        func big<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
            withUnsafeBytes(of: number.bigEndian) { Array($0) }
        }
        func header(_ counts: [Int]) -> [UInt8] {
            Array("TZif\(version)".utf8) + [UInt8](repeating: 0, count: 15)
                + counts.flatMap { big(UInt32($0)) }
        }
        let block =
            times.flatMap(big) + kinds + offsets.flatMap { big($0) + [0, 0] } + Array("UTC\0".utf8)
            + [UInt8](repeating: 0, count: Int(leapSeconds) * 12)
        return header([0, 0, 0, 0, 1, 4]) + [UInt8](repeating: 0, count: 10)
            + header([0, 0, Int(leapSeconds), times.count, offsets.count, 4]) + block
            + Array("\n\(footer)\n".utf8)
    }

    private static func end(_ day: String, in rules: TimeZoneRules) -> String? {
        CivilDate(day).map { rules.end(of: $0).rfc3339 }
    }

    @Test func dayOfUTCEndsAtMidnight() {
        #expect(Self.end("2026-02-28", in: .utc) == "2026-03-01T00:00:00Z")
        #expect(Self.end("2028-02-28", in: .utc) == "2028-02-29T00:00:00Z")
        #expect(
            TimeZoneRules.utc.date(at: NumericDate(rfc3339: "2026-03-01T00:00:00Z")!).text == "2026-03-01")
        #expect(
            TimeZoneRules.utc.date(at: NumericDate(rfc3339: "2026-02-28T23:59:59.999Z")!).text == "2026-02-28"
        )
    }

    @Test(arguments: [
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29", "2026-03-29T22:00:00Z"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25", "2026-10-25T23:00:00Z"),
        // The week of the last Sunday may be the fourth.
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2027-03-28", "2027-03-28T22:00:00Z"),
        // The midnight does not exist.
        ("EET-2EEST,M3.5.0/0,M10.5.0/0", "2026-03-28", "2026-03-28T22:00:00Z"),
        // The last hour of the day is shown twice.
        ("EET-2EEST,M3.5.0/0,M10.5.0/0", "2026-10-24", "2026-10-24T22:00:00Z"),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-28", "2026-03-29T01:00:00Z"),
        ("EST5", "2026-07-01", "2026-07-02T05:00:00Z"),
        ("<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45", "2026-01-01", "2026-01-01T10:15:00Z"),
        // Day 60 is 1 March in every year for Jn, and in common years alone for n.
        ("AAA0BBB,J60/0,J300", "2028-02-29", "2028-03-01T00:00:00Z"),
        ("AAA0BBB,J60/0,J300", "2028-03-01", "2028-03-01T23:00:00Z"),
        ("AAA0BBB,59/0,300", "2028-02-29", "2028-02-29T23:00:00Z"),
    ])
    func dayEndsByTheYearlyRule(footer: String, day: String, end: String) throws {
        let rules = try #require(TimeZoneRules(tzif: Self.tzif(footer: footer)))
        #expect(Self.end(day, in: rules) == end)
    }

    @Test func tableHoldsUntilTheRuleBegins() throws {
        let change = NumericDate(rfc3339: "2026-06-01T00:00:00Z")!
        let rules = try #require(
            TimeZoneRules(
                tzif: Self.tzif(
                    times: [change.seconds], kinds: [1], offsets: [3_600, 7_200], footer: "EET-2")))
        #expect(Self.end("2026-05-30", in: rules) == "2026-05-30T23:00:00Z")
        #expect(Self.end("2026-06-01", in: rules) == "2026-06-01T22:00:00Z")
        #expect(Self.end("2050-06-01", in: rules) == "2050-06-01T22:00:00Z")
        #expect(rules.date(at: change).text == "2026-06-01")
        #expect(rules.date(at: NumericDate(rfc3339: "2026-05-31T22:59:59Z")!).text == "2026-05-31")
        #expect(rules.date(at: NumericDate(rfc3339: "2026-05-31T23:00:00Z")!).text == "2026-06-01")
    }

    @Test func dayThatWasLeftOutEndsWhereItWouldHaveBegun() throws {
        // Clocks of Samoa went from the end of 29 December 2011 to the begin of the 31st.
        let change = NumericDate(rfc3339: "2011-12-30T10:00:00Z")!
        let rules = try #require(
            TimeZoneRules(
                tzif: Self.tzif(times: [change.seconds], kinds: [1], offsets: [-36_000, 50_400])))
        #expect(Self.end("2011-12-29", in: rules) == change.rfc3339)
        #expect(Self.end("2011-12-30", in: rules) == change.rfc3339)
        #expect(Self.end("2011-12-31", in: rules) == "2011-12-31T10:00:00Z")
    }

    @Test func lastDaysOfTheCalendarEnd() throws {
        let rules = try #require(TimeZoneRules(tzif: Self.tzif(footer: "EST5EDT,M3.2.0,M11.1.0")))
        for day in ["0001-01-01", "9999-12-31"] { #expect(Self.end(day, in: rules) != nil) }
    }

    @Test(arguments: [
        "X", "EST", "EST5EDT", "EST25", "EST5EDT,M3.2.0", "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0",
        "EST5EDT,M3.2.7,M11.1.0", "EST5EDT,M3.2.0/168,M11.1.0", "EST5EDT,J0,J1", "EST5EDT,366,1",
        "EST5EDT,M3.2.0,M11.1.0,", "<EST5", "EST5 ", "EST9999999999999999999", "EST-5:60", "E\u{e9}ST5",
    ])
    func ruleOfAnotherFormIsRefused(footer: String) {
        #expect(TimeZoneRules(tzif: Self.tzif(footer: footer)) == nil)
    }

    @Test func fileOfAnotherFormIsRefused() {
        for file in [
            [], Array("TZif".utf8), Self.tzif(version: "\0"), Self.tzif(leapSeconds: 1),
            Self.tzif(offsets: []), Self.tzif(offsets: [93_600]), Self.tzif(offsets: [.min]),
            Self.tzif(times: [1], kinds: [1]), Self.tzif(times: [2, 1], kinds: [0, 0]),
            Self.tzif(times: [1, 1], kinds: [0, 0]), Self.tzif() + [0],
        ] {
            #expect(TimeZoneRules(tzif: file) == nil)
        }
    }

    @Test func fileThatIsCutOrChangedTrapsNowhere() {
        let file = Self.tzif(
            times: [.min, 0, .max], kinds: [0, 1, 0], offsets: [3_600, 7_200],
            footer: "CET-1CEST,M3.5.0,M10.5.0/3")
        for length in 0..<file.count { #expect(TimeZoneRules(tzif: Array(file.prefix(length))) == nil) }
        for place in file.indices {
            for byte in [0, 0x7F, 0x80, 0xFF] as [UInt8] {
                var changed = file
                changed[place] = byte
                guard let rules = TimeZoneRules(tzif: changed) else { continue }
                for day in ["0001-01-01", "2026-03-29", "9999-12-31"] {
                    #expect(Self.end(day, in: rules) != nil)
                }
            }
        }
    }
}
