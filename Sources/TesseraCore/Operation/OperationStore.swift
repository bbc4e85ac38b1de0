public import TesseraTime

/// Keeps the results of jobs, counts rows and grants leases, for operators.
public protocol OperationStore: Sendable {
    /// Writes down how jobs went, each in the place of what was there of that job.
    func noteRuns(_ runs: [JobRun]) async throws(StoreError)

    /// Returns the last run of each job, in the order of ``JobName/allCases``, without the jobs that never ran.
    func jobRuns() async throws(StoreError) -> [JobRun]

    /// Counts rows. The cost is bounded, however much is stored: see ``StoreCensus/Rows/isExact``.
    ///
    /// - Parameter now: The instant at which a row must be usable to be live.
    func census(at now: NumericDate) async throws(StoreError) -> StoreCensus

    /// Asks for the lease of a job, which one of all nodes that share the store can hold. The holder keeps the lease by asking
    /// again; otherwise it ends by the clock of the store.
    ///
    /// - Parameters:
    ///   - holder: The node that asks.
    ///   - duration: The time after which the lease ends.
    /// - Returns: `false` while another node holds the lease.
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
