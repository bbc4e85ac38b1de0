import Testing

@testable import TesseraStores

@Suite struct ReplicaDemandTests {
    private static let mark = ReplicaMark.ID(high: 1, low: 2)
    private static let other = ReplicaMark.ID(high: 3, low: 4)

    private func standing(
        _ position: Int64?, mark: ReplicaMark.ID? = Self.mark, isInRecovery: Bool = true
    ) -> ReplicaStanding {
        ReplicaStanding(isInRecovery: isInRecovery, position: position, mark: mark)
    }

    private func nextStep(_ demand: inout ReplicaDemand, at now: Int64 = 0) -> ReplicaDemand.Step? {
        demand.nextStep(now) { Self.other }
    }

    /// One that asks its standby for everything up to 100.
    private func satisfied() throws -> ReplicaDemand {
        var demand = ReplicaDemand()
        demand.hear(as: Self.mark)
        demand.note(written: Self.mark, at: 0)
        guard case .ask(let changes) = nextStep(&demand) else {
            Issue.record("the primary is not asked")
            return demand
        }
        demand.note(position: 100, after: changes)
        #expect(nextStep(&demand) == .look)
        #expect(demand.note(standing(100)))
        #expect(demand.obstacle == nil)
        return demand
    }

    @Test func nothingIsDoneAndNothingBelievedBeforeOthersAreHeard() {
        var demand = ReplicaDemand()
        #expect(demand.obstacle == .unheard)
        #expect(!demand.beginWork())
        #expect(nextStep(&demand) == nil)
        #expect(!demand.believes(standing(.max)))
        demand.noteChange()
        demand.meet(as: Self.mark)
        #expect(demand.obstacle == .unheard)
        #expect(nextStep(&demand) == nil)
    }

    @Test func theMarkIsWrittenThenThePrimaryAskedThenTheStandbyLookedAt() throws {
        var demand = ReplicaDemand()
        demand.hear(as: Self.mark)
        #expect(demand.beginWork())
        #expect(nextStep(&demand) == .write(Self.mark))
        // Another one was drawn meanwhile.
        demand.note(written: Self.other, at: 0)
        #expect(nextStep(&demand) == .write(Self.mark))
        demand.note(written: Self.mark, at: 0)
        let step = try #require(nextStep(&demand))
        guard case .ask(let changes) = step else {
            Issue.record("\(step)")
            return
        }
        demand.note(position: 100, after: changes)
        #expect(nextStep(&demand) == .look)
        #expect(demand.obstacle == .behind)
        #expect(!demand.note(standing(99)))
        #expect(nextStep(&demand) == .look)
        #expect(demand.note(standing(100)))
        #expect(nextStep(&demand) == nil)
    }

    @Test func onlyOneAtATimeDoesWhatIsToBeDone() {
        var demand = ReplicaDemand()
        demand.hear(as: Self.mark)
        #expect(demand.beginWork())
        #expect(!demand.beginWork())
        demand.lose()
        #expect(nextStep(&demand) == nil)
        demand.hear(as: Self.mark)
        #expect(demand.beginWork())
    }

    @Test func whatThePrimaryWasAskedBeforeAChangeSaysNothingOfIt() throws {
        var demand = try satisfied()
        demand.noteChange()
        #expect(demand.obstacle == .behind)
        #expect(!demand.believes(standing(.max)))
        let first = nextStep(&demand)
        guard case .ask(let changes) = first else {
            Issue.record("the primary is not asked")
            return
        }
        // One more while the question is under way: it is asked again, once.
        demand.noteChange()
        demand.noteChange()
        demand.note(position: 200, after: changes)
        #expect(!demand.believes(standing(.max)))
        let second = nextStep(&demand)
        #expect(second != first)
        guard case .ask(let changes) = second else {
            Issue.record("the primary is not asked again")
            return
        }
        demand.note(position: 300, after: changes)
        #expect(!demand.believes(standing(299)))
        #expect(demand.believes(standing(300)))
    }

    @Test func anAnswerCountsOnlyWithEverythingThatItMustHave() throws {
        let demand = try satisfied()
        #expect(demand.believes(standing(100)))
        #expect(demand.believes(standing(.max)))
        #expect(!demand.believes(standing(99)))
        #expect(!demand.believes(standing(nil)))
        #expect(!demand.believes(standing(100, mark: nil)))
        #expect(!demand.believes(standing(100, mark: Self.other)))
        #expect(!demand.believes(standing(100, isInRecovery: false)))
    }

    @Test func whatWasUnderWayWhenSomethingHappenedIsNotBelieved() throws {
        var changed = try satisfied()
        changed.noteChange()
        #expect(!changed.believes(standing(100)))
        var unheard = try satisfied()
        unheard.lose()
        #expect(!unheard.believes(standing(100)))
        #expect(unheard.obstacle == .unheard)
        var met = try satisfied()
        met.meet(as: Self.other)
        #expect(!met.believes(standing(100)))
        #expect(nextStep(&met) == .write(Self.other))
    }

    @Test func afterAFailureNobodyIsSentThereBeforeALookHasSucceeded() throws {
        var demand = try satisfied()
        demand.doubt(.failed)
        #expect(demand.obstacle == .failed)
        #expect(nextStep(&demand) == .look)
        demand.noteFailedLook()
        // What changes meanwhile is asked for as well.
        demand.noteChange()
        #expect(demand.obstacle == .failed)
        guard case .ask(let changes) = nextStep(&demand) else {
            Issue.record("the primary is not asked")
            return
        }
        demand.note(position: 150, after: changes)
        #expect(!demand.note(standing(149)))
        #expect(demand.obstacle == .behind)
        #expect(demand.note(standing(150)))
    }

    @Test func anOldMarkIsReplacedWhenItIsMissed() throws {
        var demand = try satisfied()
        demand.doubt(.behind)
        #expect(nextStep(&demand, at: ReplicaMark.lifetime - 1) == .look)
        #expect(nextStep(&demand, at: ReplicaMark.lifetime) == .write(Self.other))
        demand.note(written: Self.other, at: ReplicaMark.lifetime)
        #expect(nextStep(&demand, at: ReplicaMark.lifetime) == .look)
        #expect(!demand.note(standing(100)))
        #expect(demand.note(standing(100, mark: Self.other)))
    }

    @Test func howMuchIsMissingIsNeverLessThanNothing() throws {
        var demand = try satisfied()
        #expect(demand.shortfall(of: standing(40)) == 60)
        #expect(demand.shortfall(of: standing(140)) == 0)
        #expect(demand.shortfall(of: standing(nil)) == nil)
        demand.noteChange()
        #expect(demand.shortfall(of: standing(40)) == nil)
    }
}
