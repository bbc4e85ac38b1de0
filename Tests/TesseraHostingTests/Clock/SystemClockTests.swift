import Synchronization
import TesseraCore
import TesseraTime
import Testing

@testable import TesseraHosting

@Suite struct SystemClockTests {
    /// A machine whose two clocks a test moves, in seconds.
    private final class Machine: Sendable {
        private let clocks = Mutex((machine: Int64(1_000_000), elapsed: Int64(500)))

        func pass(_ seconds: Int64) {
            clocks.withLock { $0 = ($0.machine + seconds, $0.elapsed + seconds) }
        }
        func set(by seconds: Int64) { clocks.withLock { $0.machine += seconds } }

        func clock() -> SystemClock {
            SystemClock(
                machine: { self.clocks.withLock { $0.machine } * 1_000_000 },
                elapsed: { self.clocks.withLock { $0.elapsed } * 1_000_000 })
        }
    }

    private let machine = Machine()

    @Test func itShowsWhatTheMachineShows() {
        let clock = machine.clock()
        #expect(clock.now == NumericDate(seconds: 1_000_000))
        machine.pass(90)
        #expect(clock.now == NumericDate(seconds: 1_000_090))
        #expect(clock.lead == .zero)
    }

    @Test func jumpForwardsIsFollowed() {
        let clock = machine.clock()
        machine.set(by: 3_600)
        #expect(clock.now == NumericDate(seconds: 1_003_600))
        #expect(clock.lead == .zero)
    }

    @Test func clockSetBackGoesOnFromWhereItWas() {
        let clock = machine.clock()
        machine.pass(10)
        machine.set(by: -3_600)
        #expect(clock.now == NumericDate(seconds: 1_000_010))
        machine.pass(5)
        #expect(clock.now == NumericDate(seconds: 1_000_015))
        #expect(clock.lead == .seconds(3_600))
    }

    @Test func timeThatNobodyAskedForCountsAsWell() {
        let clock = machine.clock()
        machine.pass(600)
        machine.set(by: -3_600)
        #expect(clock.now == NumericDate(seconds: 1_000_600))
    }

    @Test func machineThatHasCaughtUpIsFollowedAgain() {
        let clock = machine.clock()
        machine.set(by: -60)
        machine.set(by: 61)
        #expect(clock.now == NumericDate(seconds: 1_000_001))
        #expect(clock.lead == .zero)
    }

    @Test func newClockBelievesTheMachine() {
        let old = machine.clock()
        machine.set(by: -3_600)
        #expect(old.now == NumericDate(seconds: 1_000_000))
        #expect(machine.clock().now == NumericDate(seconds: 996_400))
    }

    @Test func clockOfThisMachineNeverGoesBack() {
        var last = WallClock.system.now
        for _ in 1...10_000 {
            let now = WallClock.system.now
            #expect(now >= last)
            last = now
        }
    }
}
