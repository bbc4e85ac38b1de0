import Glibc
import Synchronization

/// Threads that all run one function and can be joined once.
final class ThreadList: Sendable {
    private let handles: Mutex<[pthread_t]>

    /// Starts `count` threads. If the system has no more threads, the process ends: this happens at start, and a server
    /// that cannot check passwords is useless.
    init(count: Int, body: @escaping @Sendable () -> Void) {
        // A thread inherits the mask. Signals are handled by the program, not by a worker.
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        handles = Mutex((0..<count).map { _ in Self.start(body) })
    }

    /// Waits until every thread has ended. The second call returns at once.
    func join() {
        let handles = handles.withLock { handles in
            defer { handles = [] }
            return handles
        }
        for handle in handles { pthread_join(handle, nil) }
    }

    private static func start(_ body: @escaping @Sendable () -> Void) -> pthread_t {
        var handle = pthread_t()
        let argument = Unmanaged.passRetained(Start(body: body)).toOpaque()
        let outcome = pthread_create(
            &handle, nil,
            { argument in
                Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue().body()
                return nil
            }, argument)
        precondition(outcome == 0, "the system cannot create a thread (\(outcome))")
        return handle
    }

    private final class Start: Sendable {
        let body: @Sendable () -> Void
        init(body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
