import Glibc

// Safe: `start` writes the only property before another thread can use the object.
/// A thread whose end a caller can wait for.
package final class BackgroundThread: @unchecked Sendable {
    private var thread = pthread_t()

    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Creates a thread that is not started.
    package init() {}

    /// Runs `body` on a new thread that receives no signals: the main program handles those.
    ///
    /// - Returns: `true` when the system had a thread.
    package func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        let argument = Unmanaged.passRetained(Body(body))
        let code = pthread_create(
            &thread, nil,
            { argument in
                Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().run()
                return nil
            }, argument.toOpaque())
        if code != 0 { argument.release() }
        return code == 0
    }

    /// Waits for the end of the thread. Called on the thread itself, it detaches the thread and returns.
    package func join() {
        if pthread_equal(thread, pthread_self()) != 0 {
            pthread_detach(thread)
        } else {
            pthread_join(thread, nil)
        }
    }

    /// Runs `body` on a new detached thread.
    ///
    /// - Returns: `true` when the system had a thread.
    package static func run(_ body: @escaping @Sendable () -> Void) -> Bool {
        let thread = BackgroundThread()
        guard thread.start(body) else { return false }
        pthread_detach(thread.thread)
        return true
    }
}
