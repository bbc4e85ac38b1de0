import TesseraTestKit
import TesseraTime
import Testing

@testable import TesseraCore

@Suite struct RefusalLogTests {
    @Test func ordinalIsThePlaceAmongAllCauses() {
        #expect(RefusalCause.allCases.map(\.ordinal) == Array(RefusalCause.allCases.indices))
    }

    @Test(arguments: RefusalCause.allCases)
    func eachCauseIsCountedAsItself(_ cause: RefusalCause) throws {
        let log = RefusalLog(store: MemoryStore())
        _ = log.admit(cause, isOwned: false, at: NumericDate(seconds: 1))
        #expect(log.counts.filter { $0.value != 0 } == [cause: 1])
    }
}
