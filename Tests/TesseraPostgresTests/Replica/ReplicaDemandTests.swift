import TesseraCore
import Testing

@testable import TesseraPostgres

@Suite struct ReplicaDemandTests {
    private static let mark = ReplicaMark.ID(high: 1, low: 2)
    private static let other = ReplicaMark.ID(high: 3, low: 4)

    private func standing(
        _ position: Int64?, mark: ReplicaMark.ID? = Self.mark, isInRecovery: Bool = true
    ) -> ReplicaStanding {
        ReplicaStanding(isInRecovery: isInRecovery, position: position, mark: mark)
    }

    /// A demand in a box, because `#expect` captures its operands as constants.
    private final class Node {
        var demand = ReplicaDemand()

        var obstacle: ReplicaDemand.Obstacle? { demand.obstacle }
        func beginWork() -> Bool { demand.beginWork() }
        func nextStep(at now: Int64 = 0) -> ReplicaDemand.Step? {
            demand.nextStep(now) { ReplicaDemandTests.other }
        }
        func look(_ standing: ReplicaStanding) -> Bool { demand.note(standing) }
        func believes(_ standing: ReplicaStanding) -> Bool { demand.believes(standing) }

        /// Answers as the primary; the next step must be a question to it.
        func answer(_ position: Int64) throws {
            let step = try #require(nextStep())
            guard case .ask(let changes) = step else {
                Issue.record("the primary is not asked, but \(step)")
                return
            }
            demand.note(position: position, after: changes)
        }
    }

    /// A demand that requires everything up to position 100.
    private func satisfied() throws -> Node {
        let node = Node()
        node.demand.hear(as: Self.mark)
        node.demand.note(written: Self.mark, at: 0)
        try node.answer(100)
        #expect(node.nextStep() == .look)
        #expect(node.look(standing(100)))
        #expect(node.obstacle == nil)
        return node
    }

    @Test func noStepAndNoBeliefBeforeNotificationsArrive() {
        let node = Node()
        #expect(node.obstacle == .unheard)
        #expect(!node.beginWork())
        #expect(node.nextStep() == nil)
        #expect(!node.believes(standing(.max)))
        node.demand.noteChange()
        node.demand.meet(as: Self.mark)
        #expect(node.obstacle == .unheard)
        #expect(node.nextStep() == nil)
    }

    @Test func stepsAreTheMarkThenThePrimaryThenTheStandby() throws {
        let node = Node()
        node.demand.hear(as: Self.mark)
        #expect(node.beginWork())
        #expect(node.nextStep() == .write(Self.mark))
        // Another mark was drawn meanwhile.
        node.demand.note(written: Self.other, at: 0)
        #expect(node.nextStep() == .write(Self.mark))
        node.demand.note(written: Self.mark, at: 0)
        try node.answer(100)
        #expect(node.nextStep() == .look)
        #expect(node.obstacle == .behind)
        #expect(!node.look(standing(99)))
        #expect(node.nextStep() == .look)
        #expect(node.look(standing(100)))
        #expect(node.nextStep() == nil)
    }

    @Test func onlyOneCallerAtATimeDoesTheSteps() {
        let node = Node()
        node.demand.hear(as: Self.mark)
        #expect(node.beginWork())
        #expect(!node.beginWork())
        node.demand.lose()
        #expect(node.nextStep() == nil)
        node.demand.hear(as: Self.mark)
        #expect(node.beginWork())
    }

    @Test func aPositionFromBeforeAChangeDoesNotCoverIt() throws {
        let node = try satisfied()
        node.demand.noteChange()
        #expect(node.obstacle == .behind)
        #expect(!node.believes(standing(.max)))
        guard case .ask(let changes) = node.nextStep() else {
            Issue.record("the primary is not asked")
            return
        }
        // Further changes during the question: it is asked once more.
        node.demand.noteChange()
        node.demand.noteChange()
        node.demand.note(position: 200, after: changes)
        #expect(!node.believes(standing(.max)))
        #expect(node.nextStep() == .ask(after: changes + 2))
        try node.answer(300)
        #expect(!node.believes(standing(299)))
        #expect(node.believes(standing(300)))
    }

    @Test func anAnswerCountsOnlyWithTheRequiredPosition() throws {
        let node = try satisfied()
        #expect(node.believes(standing(100)))
        #expect(node.believes(standing(.max)))
        #expect(!node.believes(standing(99)))
        #expect(!node.believes(standing(nil)))
        #expect(!node.believes(standing(100, mark: nil)))
        #expect(!node.believes(standing(100, mark: Self.other)))
        #expect(!node.believes(standing(100, isInRecovery: false)))
    }

    @Test func anAnswerInProgressDuringAChangeIsNotBelieved() throws {
        let changed = try satisfied()
        changed.demand.noteChange()
        #expect(!changed.believes(standing(100)))
        let unheard = try satisfied()
        unheard.demand.lose()
        #expect(!unheard.believes(standing(100)))
        #expect(unheard.obstacle == .unheard)
        let met = try satisfied()
        met.demand.meet(as: Self.other)
        #expect(!met.believes(standing(100)))
        #expect(met.nextStep() == .write(Self.other))
    }

    @Test func afterAFailureTheStandbyIsUnusedUntilALookSucceeds() throws {
        let node = try satisfied()
        node.demand.doubt(.failed)
        #expect(node.obstacle == .failed)
        #expect(node.nextStep() == .look)
        node.demand.noteFailedLook()
        // Changes that happen meanwhile are required as well.
        node.demand.noteChange()
        #expect(node.obstacle == .failed)
        try node.answer(150)
        #expect(!node.look(standing(149)))
        #expect(node.obstacle == .behind)
        #expect(node.look(standing(150)))
    }

    @Test func aMissingOldMarkIsReplaced() throws {
        let node = try satisfied()
        node.demand.doubt(.behind)
        #expect(node.nextStep(at: ReplicaMark.lifetime - 1) == .look)
        #expect(node.nextStep(at: ReplicaMark.lifetime) == .write(Self.other))
        node.demand.note(written: Self.other, at: ReplicaMark.lifetime)
        #expect(node.nextStep(at: ReplicaMark.lifetime) == .look)
        #expect(!node.look(standing(100)))
        #expect(node.look(standing(100, mark: Self.other)))
    }

    @Test func theMissingLogIsNeverNegative() throws {
        let node = try satisfied()
        #expect(node.demand.shortfall(of: standing(40)) == 60)
        #expect(node.demand.shortfall(of: standing(140)) == 0)
        #expect(node.demand.shortfall(of: standing(.min)) == .max)
        #expect(node.demand.shortfall(of: standing(nil)) == nil)
        node.demand.noteChange()
        #expect(node.demand.shortfall(of: standing(40)) == nil)
    }
}
