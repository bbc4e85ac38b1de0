public import TesseraTime

/// What the store keeps, and says, for those who run it.
public protocol OperationStore: Sendable {
    /// Writes down how jobs went, each in the place of what was there of that job.
    func noteRuns(_ runs: [JobRun]) async throws(StoreError)

    /// How each job went the last time, in the order of ``JobName/allCases``; those that never ran are missing.
    func jobRuns() async throws(StoreError) -> [JobRun]

    /// Counts rows. The cost is bounded, whatever is stored: see ``StoreCensus/Rows/isExact``.
    ///
    /// - Parameter now: The instant at which a row must be usable to be live.
    func census(at now: NumericDate) async throws(StoreError) -> StoreCensus

    /// Asks to be the one who does a job, of all who share the store. Whoever has the lease keeps it by asking again; it
    /// ends by itself, by the clock of the store, when they do not.
    ///
    /// - Parameters:
    ///   - holder: Who asks.
    ///   - duration: For how long.
    /// - Returns: `false` while somebody else has it.
    func lease(
        _ job: JobName, to holder: Node.ID, for duration: Duration
    ) async throws(StoreError) -> Bool
}

extension OperationStore {
    /// Always: a store within one process, or in a file, whose jobs are cheap to do twice.
    public func lease(
        _ job: JobName, to holder: Node.ID, for duration: Duration
    ) async throws(StoreError) -> Bool { true }
}
