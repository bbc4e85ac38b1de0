import TesseraCore
import TesseraHosting

extension Authority {
    /// The largest number of addresses in the log; `tessera status` counts all.
    private static let mostReported = 50

    /// Puts accounts that an earlier version stored under the keys of their addresses, and logs which ones stay apart.
    ///
    /// Nodes of an earlier version may have added some since the schema was migrated.
    func reportAddresses() async {
        do throws(StoreError) {
            try await store.settleAddresses()
            for address in try await store.irregularAddresses(limit: Self.mostReported) {
                log.warning(address.sentence)
            }
        } catch {
            log.error("addresses of an earlier version were not looked at: \(error.sentence)")
        }
    }
}
