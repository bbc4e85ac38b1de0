import Glibc
import Synchronization

/// SIGTERM and SIGINT as something to wait for. A second signal ends the process at once, as if nobody had listened.
package final class TerminationSignal: Sendable {
    /// Where the handler writes; a signal handler can reach nothing but a global.
    private static let bell = Atomic<Int32>(-1)

    private let readEnd: Int32
    private let writeEnd: Int32

    /// Listens from now on.
    package init() {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "the process has no file descriptor left")
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (readEnd, writeEnd) = (ends[0], ends[1])
        Self.bell.store(writeEnd, ordering: .releasing)
        for number in [SIGTERM, SIGINT] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { _ in
                // write() is safe in a handler, and so is a load of what was stored before the handler was set.
                let before = errno
                var byte: UInt8 = 1
                _ = write(TerminationSignal.bell.load(ordering: .acquiring), &byte, 1)
                errno = before
            }
            action.sa_flags = Int32(SA_RESTART)
            sigaction(number, &action, nil)
        }
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Returns when a signal has come, or the task is cancelled. Call it once.
    package func arrival() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                onThread { [self] in
                    var byte: UInt8 = 0
                    while read(readEnd, &byte, 1) < 0, errno == EINTR {}
                    stopListening()
                    continuation.resume()
                }
            }
        } onCancel: {
            var byte: UInt8 = 1
            _ = write(writeEnd, &byte, 1)
        }
    }

    private func stopListening() {
        for number in [SIGTERM, SIGINT] { signal(number, SIG_DFL) }
        Self.bell.store(-1, ordering: .releasing)
    }

    /// A thread of its own, because waiting on one of the pool would take it from everybody else.
    private func onThread(_ body: @escaping @Sendable () -> Void) {
        final class Start: Sendable {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        var thread = pthread_t()
        let outcome = pthread_create(
            &thread, nil,
            { argument in
                Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue().body()
                return nil
            }, Unmanaged.passRetained(Start(body)).toOpaque())
        precondition(outcome == 0, "the system has no thread left (\(outcome))")
        pthread_detach(thread)
    }
}
