import Synchronization
import TesseraDatabase

/// Counts of look-ups at a replica by their results, for ``StoreTraffic``.
final class ReplicaCounters: Sendable {
    private let answered = Atomic<Int>(0)
    private let notFound = Atomic<Int>(0)
    private let behind = Atomic<Int>(0)
    private let failed = Atomic<Int>(0)
    private let unheard = Atomic<Int>(0)
    /// -1 before the first look.
    private let bytesBehind = Atomic<Int64>(-1)

    func countAnswer() { answered.wrappingAdd(1, ordering: .relaxed) }
    func countMiss() { notFound.wrappingAdd(1, ordering: .relaxed) }

    func count(_ obstacle: ReplicaDemand.Obstacle) {
        switch obstacle {
        case .unheard: unheard.wrappingAdd(1, ordering: .relaxed)
        case .behind: behind.wrappingAdd(1, ordering: .relaxed)
        case .failed: failed.wrappingAdd(1, ordering: .relaxed)
        }
    }

    func note(bytesBehind bytes: Int64) { bytesBehind.store(bytes, ordering: .relaxed) }

    func traffic(isUsed: Bool) -> StoreTraffic.Replica {
        var lookUps = StoreTraffic.Replica.LookUps()
        lookUps.answered = answered.load(ordering: .relaxed)
        lookUps.notFound = notFound.load(ordering: .relaxed)
        lookUps.behind = behind.load(ordering: .relaxed)
        lookUps.failed = failed.load(ordering: .relaxed)
        lookUps.unheard = unheard.load(ordering: .relaxed)
        let bytes = bytesBehind.load(ordering: .relaxed)
        return StoreTraffic.Replica(
            isUsed: isUsed, lookUps: lookUps, bytesBehind: bytes < 0 ? nil : Int(bytes))
    }
}
