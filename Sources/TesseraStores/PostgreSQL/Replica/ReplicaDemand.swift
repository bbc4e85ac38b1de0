import TesseraCore
import TesseraTime

/// What a standby has to show so that its answers are believed, and what is to be done next to know it.
///
/// Everything that was heard, and everything that this node has changed itself, has to be in an answer. So whenever
/// something is, the position up to which the standby must have applied the log is unknown, until the primary has said how
/// far its log is, and was asked after that. Until a look at the standby shows that it has come so far, nobody else is
/// sent there.
///
/// A plain value: told what has happened, it says what to do. Positions are bytes of the log from its beginning (`pg_lsn`).
struct ReplicaDemand: Sendable {
    /// Why the standby is not asked.
    enum Obstacle: Sendable, Hashable {
        /// What others change is not heard.
        case unheard
        /// It has not shown everything that it must.
        case behind
        /// It did not answer, or with an error.
        case failed
    }

    /// What is to be done, one at a time.
    enum Step: Sendable, Hashable {
        /// Write a mark to the primary.
        case write(ReplicaMark.ID)
        /// Ask the primary how far its log is.
        case ask(after: UInt64)
        /// Ask the standby how far it is.
        case look
    }

    /// Drawn when this node begins to hear the others, and when it meets a standby; `nil` while it does not hear.
    private(set) var mark: ReplicaMark.ID?
    /// When it was written, in nanoseconds; `nil` before that.
    private var writtenAt: Int64?
    /// How many changes there have been.
    private var changes: UInt64 = 0
    /// How far the primary's log was at some moment after the last of them; `nil` when that is not known.
    private var position: Int64?
    /// `nil` when the standby is asked.
    private(set) var obstacle: Obstacle? = .unheard
    /// Whether somebody does one step after the other.
    private var isAtWork = false

    // MARK: What happens

    /// From now on everything is heard that others change; what was before may have been missed.
    mutating func hear(as mark: ReplicaMark.ID) {
        self.mark = mark
        writtenAt = nil
        obstacle = .behind
        noteChange()
    }

    /// A connection to a standby was made. It may not be the one that was there before, or have gone on by itself meanwhile,
    /// and yet have a mark from before that.
    mutating func meet(as mark: ReplicaMark.ID) {
        guard self.mark != nil else { return }
        self.mark = mark
        writtenAt = nil
        doubt(.behind)
    }

    /// From now on nothing is heard.
    mutating func lose() {
        mark = nil
        obstacle = .unheard
        noteChange()
    }

    /// Something has changed, here or elsewhere.
    mutating func noteChange() {
        changes += 1
        position = nil
        doubt(.behind)
    }

    /// The standby has not answered as it should.
    mutating func doubt(_ obstacle: Obstacle) { self.obstacle = self.obstacle ?? obstacle }

    // MARK: What to do

    /// Whether the caller is to do one step after the other, from now on until there are no more.
    mutating func beginWork() -> Bool {
        guard mark != nil, obstacle != nil, !isAtWork else { return false }
        isAtWork = true
        return true
    }

    /// What to do next; `nil` when there is nothing left, and then somebody else may begin.
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

    /// - Parameter changes: After how many the primary was asked; it says nothing of what has changed since then.
    mutating func note(position: Int64, after changes: UInt64) {
        if changes == self.changes { self.position = position }
    }

    /// A look at the standby has shown this.
    ///
    /// - Returns: Whether it is asked from now on.
    mutating func note(_ standing: ReplicaStanding) -> Bool {
        guard mark != nil else { return false }
        obstacle = believes(standing) ? nil : .behind
        return obstacle == nil
    }

    mutating func noteFailedLook() {
        if mark != nil { obstacle = .failed }
    }

    // MARK: What to believe

    /// Whether everything that must be in an answer is in one of a server that stood so. To be asked once the answer is
    /// here: what has happened while it was under way counts.
    func believes(_ standing: ReplicaStanding) -> Bool {
        guard let mark, let position, let reached = standing.position else { return false }
        return standing.isInRecovery && standing.mark == mark && reached >= position
    }

    /// How many bytes of the log a standby lacks; `nil` when that is not known.
    func shortfall(of standing: ReplicaStanding) -> Int64? {
        guard let position, let reached = standing.position else { return nil }
        return max(0, position.subtractingClamped(reached))
    }
}
