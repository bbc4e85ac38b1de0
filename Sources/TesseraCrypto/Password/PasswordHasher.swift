import Glibc
import Synchronization

/// Hashes and checks passwords on threads of its own, never on the caller's.
///
/// The number of threads bounds the memory (each hash in progress takes ``Argon2Parameters/memory``) and the
/// processor time that a flood of log-ins can take; the bounded queue keeps the wait short, and whoever comes
/// after that hears ``PasswordError/busy`` at once.
public final class PasswordHasher: Sendable {
    /// The cost of new hashes.
    public let parameters: Argon2Parameters
    private let random: RandomSource
    private let pool: WorkerPool

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - parameters: The cost of new hashes; stored ones are checked at their own.
    ///   - threadCount: How many hashes are computed at once; at least 1, and no more than there are processors for
    ///     this process: two that take turns on one push each other out of its cache, and take a tenth longer.
    ///   - queueLimit: How many may wait beside those; default 64.
    ///   - random: Where salts come from.
    public init(
        parameters: Argon2Parameters = .standard,
        threadCount: Int,
        queueLimit: Int = 64,
        random: RandomSource
    ) {
        precondition(threadCount >= 1 && queueLimit >= 1, "a hasher has at least one thread and one place")
        self.parameters = parameters
        self.random = random
        pool = WorkerPool(threadCount: threadCount, capacity: queueLimit)
    }

    /// Hashes `password` with a new salt, to the text that is stored.
    ///
    /// - Throws: any ``PasswordError`` but `malformedHash`.
    public func hash(_ password: Secret) async throws(PasswordError) -> String {
        let (parameters, salt) = (parameters, random.bytes(16))
        return try await run { () throws(PasswordError) in
            try Argon2id.hash(password, salt: salt, parameters: parameters)
        }
    }

    /// Whether `password` is the one that the stored text `phc` was made from.
    ///
    /// - Throws: any ``PasswordError``.
    public func verify(_ password: Secret, against phc: String) async throws(PasswordError) -> Bool {
        try await run { () throws(PasswordError) in try Argon2id.verify(password, against: phc) }
    }

    /// Does the work of ``verify(_:against:)`` for an account that does not exist, at the cost of new
    /// hashes, so that the time of an answer does not tell which accounts there are (N210).
    ///
    /// - Returns: false.
    /// - Throws: as ``hash(_:)``.
    @discardableResult
    public func verifyAgainstNothing(_ password: Secret) async throws(PasswordError) -> Bool {
        let nothing = PHCString(
            parameters: parameters, salt: Array(repeating: 0, count: 16), hash: Array(repeating: 0, count: 32)
        ).text
        _ = try await verify(password, against: nothing)
        return false
    }

    /// Whether a stored hash should be replaced at the next log-in, see ``Argon2id/needsRehash(_:parameters:)``.
    public func needsRehash(_ phc: String) -> Bool {
        Argon2id.needsRehash(phc, parameters: parameters)
    }

    /// Finishes the hashes in progress, fails the waiting ones with ``PasswordError/stopped`` and joins the
    /// threads. Blocks for as long as one hash takes. Also done when the hasher is released.
    public func shutDown() {
        pool.shutDown()
    }

    /// How many hashes wait for a thread.
    public var waitingCount: Int { pool.waitingCount }

    private func run<Value: Sendable>(
        _ work: @escaping @Sendable () throws(PasswordError) -> Value
    ) async throws(PasswordError) -> Value {
        let cancellation = Cancellation()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (continuation: CheckedContinuation<Result<Value, PasswordError>, Never>) in
                let admission = pool.submit { mayRun in
                    if !mayRun {
                        continuation.resume(returning: .failure(.stopped))
                    } else if cancellation.isRequested {
                        continuation.resume(returning: .failure(.cancelled))
                    } else {
                        continuation.resume(returning: Result(catching: work))
                    }
                }
                switch admission {
                case .queued: break
                case .full: continuation.resume(returning: .failure(.busy))
                case .closed: continuation.resume(returning: .failure(.stopped))
                }
            }
        } onCancel: {
            cancellation.request()
        }
        return try result.get()
    }
}

/// Whether a task that waits for its hash was cancelled.
private final class Cancellation: Sendable {
    private let requested = Atomic(false)
    var isRequested: Bool { requested.load(ordering: .relaxed) }
    func request() { requested.store(true, ordering: .relaxed) }
}
