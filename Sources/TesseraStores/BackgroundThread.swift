import Glibc

/// A thread that can be waited for.
// Safe: written once, before anybody else can know of it.
final class BackgroundThread: @unchecked Sendable {
    private var thread = pthread_t()

    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Runs `body` on a new thread, which takes no signals: they are for whoever wired the program together.
    ///
    /// - Returns: Whether the system had a thread.
    func start(_ body: @escaping @Sendable () -> Void) -> Bool {
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

    /// Waits for its end; not when called on it, as then there is nobody left who could wait.
    func join() {
        if pthread_equal(thread, pthread_self()) != 0 {
            pthread_detach(thread)
        } else {
            pthread_join(thread, nil)
        }
    }

    /// Runs `body` on a new thread that nobody waits for.
    ///
    /// - Returns: Whether the system had a thread.
    static func run(_ body: @escaping @Sendable () -> Void) -> Bool {
        let thread = BackgroundThread()
        guard thread.start(body) else { return false }
        pthread_detach(thread.thread)
        return true
    }
}
