import TesseraDatabase
import TesseraTime

/// The proof that a standby must give before its answers are used, and the next step towards that proof.
///
/// An answer must contain all changes that this node has made or was notified of. So after each such change, the required
/// position of the standby in the log is unknown until the primary, asked after the change, reports the position of its own
/// log. Until a look at the standby shows that it has applied the log up to that position, no look-up goes there.
///
/// A plain value without I/O: it receives events and returns the next step. Positions are bytes of the log from its
/// beginning (`pg_lsn`).
struct ReplicaDemand: Sendable {
    /// The reason why look-ups do not go to the standby.
    enum Obstacle: Sendable, Hashable {
        /// The node does not receive notifications of changes.
        case unheard
        /// The standby has not proven that it has all changes.
        case behind
        /// The standby did not answer, or answered with an error.
        case failed
    }

    /// A step towards the proof.
    enum Step: Sendable, Hashable {
        /// Write a mark to the primary.
        case write(ReplicaMark.ID)
        /// Ask the primary for the position of its log.
        case ask(after: UInt64)
        /// Ask the standby for its progress.
        case look
    }

    /// The mark, drawn when this node begins to receive notifications and at each new connection to a standby; `nil` while the
    /// node receives none.
    private(set) var mark: ReplicaMark.ID?
    /// The instant at which the mark was written, in nanoseconds; `nil` before that.
    private var writtenAt: Int64?
    /// The number of changes so far.
    private var changes: UInt64 = 0
    /// A position of the primary's log after the last change; `nil` when it is not known.
    private var position: Int64?
    /// The reason why look-ups do not go to the standby; `nil` when they do.
    private(set) var obstacle: Obstacle? = .unheard
    /// Indicates that a caller performs the steps.
    private var isAtWork = false

    // MARK: What happens

    /// Notes that the node receives all notifications from now on; earlier ones may be missing.
    mutating func hear(as mark: ReplicaMark.ID) {
        self.mark = mark
        writtenAt = nil
        obstacle = .behind
        noteChange()
    }

    /// Notes a new connection to a standby. It may be another server than before, or one that went on by itself meanwhile and
    /// still has an earlier mark.
    mutating func meet(as mark: ReplicaMark.ID) {
        guard self.mark != nil else { return }
        self.mark = mark
        writtenAt = nil
        doubt(.behind)
    }

    /// Notes that the node receives no notifications from now on.
    mutating func lose() {
        mark = nil
        obstacle = .unheard
        noteChange()
    }

    /// Notes a change by this node or another one.
    mutating func noteChange() {
        changes += 1
        position = nil
        doubt(.behind)
    }

    /// Notes that an answer of the standby was not usable.
    mutating func doubt(_ obstacle: Obstacle) { self.obstacle = self.obstacle ?? obstacle }

    // MARK: What to do

    /// Returns `true` when the caller must perform the steps until none is left.
    mutating func beginWork() -> Bool {
        guard mark != nil, obstacle != nil, !isAtWork else { return false }
        isAtWork = true
        return true
    }

    /// Returns the next step; `nil` when none is left, and then another caller may begin.
    mutating func nextStep(_ now: Int64, draw: () -> ReplicaMark.ID) -> Step? {
        guard let mark, obstacle != nil else {
            isAtWork = false
            return nil
        }
        guard let writtenAt else { return .write(mark) }
        // It may have been deleted.
        guard now - writtenAt < ReplicaMark.lifetime else {
            let next = draw()
            self.mark = next
            self.writtenAt = nil
            return .write(next)
        }
        return position == nil ? .ask(after: changes) : .look
    }

    mutating func note(written mark: ReplicaMark.ID, at now: Int64) {
        if mark == self.mark { writtenAt = now }
    }

    /// Notes the position of the primary's log.
    ///
    /// - Parameter changes: The number of changes before the question; the position proves nothing about later changes.
    mutating func note(position: Int64, after changes: UInt64) {
        if changes == self.changes { self.position = position }
    }

    /// Notes the result of a look at the standby.
    ///
    /// - Returns: `true` when look-ups go to the standby from now on.
    mutating func note(_ standing: ReplicaStanding) -> Bool {
        guard mark != nil else { return false }
        obstacle = believes(standing) ? nil : .behind
        return obstacle == nil
    }

    mutating func noteFailedLook() {
        if mark != nil { obstacle = .failed }
    }

    // MARK: What to believe

    /// Reports whether an answer from a server with this standing contains all required changes. It must be called after the
    /// answer has arrived: changes during the round trip count.
    func believes(_ standing: ReplicaStanding) -> Bool {
        guard let mark, let position, let reached = standing.position else { return false }
        return standing.isInRecovery && standing.mark == mark && reached >= position
    }

    /// The number of bytes of the log that a standby lacks; `nil` when it is not known.
    func shortfall(of standing: ReplicaStanding) -> Int64? {
        guard let position, let reached = standing.position else { return nil }
        return max(0, position.subtractingClamped(reached))
    }
}
