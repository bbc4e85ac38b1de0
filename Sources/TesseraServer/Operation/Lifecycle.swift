import Synchronization
import TesseraCore
import TesseraCrypto
import TesseraHosting

/// The life of an authority: its start and end, its jobs, its numbers, and the changes that it hears of.
final class Lifecycle: Sendable {
    let metrics = MetricsRegistry()
    /// The results of the jobs so far.
    let board = JobBoard()
    private let services: DomainServices
    private let clockComparison: ClockComparison
    private let work = Mutex<Task<Void, Never>?>(nil)
    /// The identifier of this process among those that share the store.
    private let node: Node.ID
    private let isObserving = Atomic<Bool>(false)
    private let hasLeft = Atomic<Bool>(false)

    init(of services: DomainServices) {
        self.services = services
        node = services.identifiers.next(at: services.clock.now)
        clockComparison = ClockComparison(log: services.log)
        // A process without a cache, such as a command that soon ends, needs no notifications.
        if services.configuration.tokenCacheCapacity > 0 { observeChanges() }
        addMetrics()
    }

    /// Indicates that the process is about to stop and should get no new requests.
    var isLeaving: Bool { hasLeft.load(ordering: .relaxed) }

    /// Starts the jobs: batches are written every second, old rows are deleted every minute.
    func start() {
        observeChanges()
        work.withLock { task in
            guard task == nil else { return }
            let housekeeping = housekeeping
            task = Task { await housekeeping.run() }
        }
    }

    /// Makes `GET /readyz` answer that this node is about to stop. Everything else goes on as before.
    func leave() { hasLeft.store(true, ordering: .relaxed) }

    /// Stops the jobs, and writes everything that they have collected.
    func stop() async {
        let task = work.withLock { task in
            defer { task = nil }
            return task
        }
        task?.cancel()
        await task?.value
        await housekeeping.finish()
        services.hasher.shutDown()
    }

    var housekeeping: Housekeeping {
        let (store, node) = (services.store, node)
        return Housekeeping(
            jobs: Housekeeping.jobs(of: services, board: board, clockComparison), board: board,
            clock: services.clock, log: services.log
        ) { job in
            // A job whose lease the store cannot answer fails for the same reason, and reports it.
            (try? await store.lease(job.name, to: node, for: job.leaseDuration)) ?? true
        }
    }

    /// Makes the cache forget every change in the store, by this process or by another.
    private func observeChanges() {
        guard !isObserving.exchange(true, ordering: .relaxed) else { return }
        let (cache, log) = (services.cache, services.log)
        // The watch holds weak references. An object that has one counts its references slowly from then on, so it is
        // none that each request counts, such as the authenticator.
        let watch = CatalogueWatch(services.catalogue, services.prefixes, log: log)
        services.store.observeTroubles { trouble in log.error(trouble.sentence) }
        services.store.observeChanges(includesForeign: true) { change in
            let isUsedAgain = cache.forget(change)
            switch change {
            case .token, .account, .anyToken: break
            case .scopes: watch.wake()
            case .everything:
                if isUsedAgain { log.info("changes by other nodes are heard") }
                watch.wake(isUnheard: false)
            case .unheard:
                if watch.wake(isUnheard: true) {
                    log.warning(
                        "changes by other nodes are not heard; every token is looked up in the database")
                }
            }
        }
    }

    private func addMetrics() {
        let (refusals, requests, throttle) = (services.refusals, services.requests, services.throttle)
        let (cache, uses, hasher) = (services.cache, services.uses, services.hasher)
        metrics.add { Self.metrics(of: refusals, throttle: throttle, cache: cache) }
        metrics.add { [store = services.store] in store.traffic().map(Self.metrics(of:)) ?? [] }
        metrics.add { [board] in
            Self.metrics(
                of: board,
                queues: [
                    ("uses", uses.count), ("refusals", refusals.count), ("requests", requests.count),
                    ("passwords", hasher.waitingCount),
                ])
        }
    }
}
