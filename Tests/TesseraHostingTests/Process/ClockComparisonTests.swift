import TesseraTestKit
import Testing

@testable import TesseraHosting

@Suite struct ClockComparisonTests {
    @Test func clocksThatComeApartAreToldOnceEachTime() {
        let lines = Lines()
        let comparison = ClockComparison(log: lines.log)
        let leads: [Duration?] = [
            nil, .seconds(5), .seconds(-5), .milliseconds(5_001), .seconds(300), nil, .seconds(4),
            .zero, .seconds(-90), .seconds(-91), .seconds(1),
        ]
        for lead in leads { comparison.look(at: lead) }
        #expect(
            lines.all == [
                "warning the clock of the database is 5 s ahead of this machine's: one of them is wrong",
                "info the clocks of the database and of this machine agree again",
                "warning the clock of the database is 90 s behind this machine's: one of them is wrong",
                "info the clocks of the database and of this machine agree again",
            ])
    }
}
