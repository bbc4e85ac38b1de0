public import TesseraJOSE

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
}
