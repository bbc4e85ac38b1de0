import TesseraTime
import Testing

@testable import TesseraHosting

@Suite struct TimeZoneFilesTests {
    /// The first instant after which no clock of the zone shows the day, by Python's zoneinfo.
    @Test(arguments: [
        ("Europe/Berlin", "2026-12-01", "2026-12-01T23:00:00Z"),
        ("Europe/Berlin", "2026-03-28", "2026-03-28T23:00:00Z"),
        ("Europe/Berlin", "2026-03-29", "2026-03-29T22:00:00Z"),
        ("Europe/Berlin", "2026-10-25", "2026-10-25T23:00:00Z"),
        ("America/New_York", "2026-03-08", "2026-03-09T04:00:00Z"),
        ("America/New_York", "2026-11-01", "2026-11-02T05:00:00Z"),
        ("America/New_York", "2099-07-04", "2099-07-05T04:00:00Z"),
        ("Asia/Kathmandu", "2026-06-30", "2026-06-30T18:15:00Z"),
        ("Pacific/Kiritimati", "2026-01-01", "2026-01-01T10:00:00Z"),
        ("Etc/GMT+12", "2026-01-01", "2026-01-02T12:00:00Z"),
        // A midnight that does not exist, and one that clocks show twice.
        ("Asia/Beirut", "2026-03-28", "2026-03-28T22:00:00Z"),
        ("Africa/Cairo", "2026-04-23", "2026-04-23T22:00:00Z"),
        ("America/Havana", "2026-10-31", "2026-11-01T04:00:00Z"),
        ("America/Havana", "2050-11-05", "2050-11-06T04:00:00Z"),
        ("America/Santiago", "2026-04-04", "2026-04-05T04:00:00Z"),
        ("Atlantic/Azores", "2026-03-28", "2026-03-29T01:00:00Z"),
        ("Australia/Lord_Howe", "2045-10-01", "2045-10-01T13:00:00Z"),
        ("America/Nuuk", "2044-10-29", "2044-10-30T02:00:00Z"),
        // A minute after midnight, clocks went back into the day before.
        ("America/St_Johns", "2005-10-29", "2005-10-30T03:30:00Z"),
        ("Europe/Dublin", "2026-10-25", "2026-10-26T00:00:00Z"),
        ("Antarctica/Troll", "2042-03-29", "2042-03-30T00:00:00Z"),
        ("Asia/Tehran", "2021-03-21", "2021-03-21T20:30:00Z"),
        ("Europe/London", "9990-06-30", "9990-06-30T23:00:00Z"),
        ("UTC", "2026-02-28", "2026-03-01T00:00:00Z"),
    ])
    func dayEndsAsItsZoneSays(zone: String, day: String, end: String) throws {
        let rules = try #require(TimeZoneFiles.rules(of: zone))
        #expect(rules.end(of: try #require(CivilDate(day))).rfc3339 == end)
    }

    @Test(arguments: [
        "", "/", "..", "../../etc/passwd", "Europe/../Europe/Berlin", "/etc/passwd", "Europe", "Europe/",
        "Europe//Berlin", "Europe/Berlin\0", "Europe/Berlin ", "zone.tab", "tzdata.zi", "right/Europe/Berlin",
        "Nowhere/Atlantis", "A/B/C/D", "Europe/Berl\u{131}n", String(repeating: "a", count: 65),
    ])
    func whatIsNoZoneHasNoRules(name: String) {
        #expect(TimeZoneFiles.rules(of: name) == nil)
    }
}
