import Glibc
import Synchronization

/// Hashes and checks passwords on its own threads, never on the caller's.
///
/// The number of threads limits the memory (each running hash takes ``Argon2Parameters/memory``) and the processor time
/// that a flood of sign-ins can use. The bounded queue keeps waiting times short; when it is full, callers get
/// ``PasswordError/busy`` at once.
public final class PasswordHasher: Sendable {
    /// The cost of new hashes.
    public let parameters: Argon2Parameters
    private let random: RandomSource
    private let pool: WorkerPool

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - parameters: The cost of new hashes; stored hashes are checked at their own cost.
    ///   - threadCount: The number of hashes that run at once; at least 1, and no more than the processors of this
    ///     process. Two hashes that share a processor evict each other from its cache and take a tenth longer.
    ///   - queueLimit: The number of hashes that may wait; default 64.
    ///   - random: The source of salts.
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

    /// Hashes `password` with a new salt, to the stored text.
    ///
    /// - Throws: ``PasswordError``, except `malformedHash`.
    public func hash(_ password: Secret) async throws(PasswordError) -> String {
        let (parameters, salt) = (parameters, random.bytes(16))
        return try await run { () throws(PasswordError) in
            try Argon2id.hash(password, salt: salt, parameters: parameters)
        }
    }

    /// Reports whether the stored text `phc` was made from `password`.
    ///
    /// - Throws: ``PasswordError``.
    public func verify(_ password: Secret, against phc: String) async throws(PasswordError) -> Bool {
        try await run { () throws(PasswordError) in try Argon2id.verify(password, against: phc) }
    }

    /// Does the same work as ``verify(_:against:)`` for an account that does not exist, at the cost of new hashes, so
    /// that the response time does not reveal which accounts exist.
    ///
    /// - Returns: `false`.
    /// - Throws: The same errors as ``hash(_:)``.
    @discardableResult
    public func verifyAgainstNothing(_ password: Secret) async throws(PasswordError) -> Bool {
        let nothing = PHCString(
            parameters: parameters, salt: Array(repeating: 0, count: 16), hash: Array(repeating: 0, count: 32)
        ).text
        _ = try await verify(password, against: nothing)
        return false
    }

    /// Reports whether the next sign-in should replace a stored hash; see ``Argon2id/needsRehash(_:parameters:)``.
    public func needsRehash(_ phc: String) -> Bool {
        Argon2id.needsRehash(phc, parameters: parameters)
    }

    /// Finishes the running hashes, fails the waiting ones with ``PasswordError/stopped``, and joins the threads.
    /// Blocks for as long as one hash takes. Releasing the hasher does the same.
    public func shutDown() {
        pool.shutDown()
    }

    /// The number of hashes that wait for a thread.
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

/// Indicates that a task was cancelled while it waited for its hash.
private final class Cancellation: Sendable {
    private let requested = Atomic(false)
    var isRequested: Bool { requested.load(ordering: .relaxed) }
    func request() { requested.store(true, ordering: .relaxed) }
}
