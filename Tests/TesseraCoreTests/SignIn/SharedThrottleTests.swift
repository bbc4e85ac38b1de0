import Synchronization
import TesseraCore
import TesseraCrypto
import TesseraTestKit
import Testing

@Suite struct SharedThrottleTests {
    /// A shared throttle with given answers.
    private final class OtherNodes: ThrottleStore {
        private let answer = Mutex<Result<Duration?, StoreError>>(.success(nil))

        func answer(_ answer: Result<Duration?, StoreError>) { self.answer.withLock { $0 = answer } }

        func countAttempt(_ budgets: [ThrottledBudget]) async throws(StoreError) -> Duration? {
            try answer.withLock { $0 }.get()
        }

        func uncountAttempt(
            forgotten: [ThrottledBudget.Key], takenBack: [ThrottledBudget.Key]
        ) async throws(StoreError) {}
    }

    private static let attempt = SignInAttempt(
        email: "ember@example.com", origin: .network("192.0.2.1"))
    private static let now = fixtureInstant

    /// The questions before a password is checked and before an account is opened; each has a budget of two.
    private static let questions: [@Sendable (SharedThrottle) async throws -> Duration?] = [
        { try await $0.begin(attempt, at: now) },
        { try await $0.beginRegistration(from: "192.0.2.1", at: now) },
    ]

    private let others = OtherNodes()
    private let throttle: SharedThrottle

    init() {
        let two = SignInThrottle.Budget(
            free: 2, shortest: .seconds(60), longest: .seconds(60), memory: .seconds(3_600))
        throttle = SharedThrottle(
            SignInThrottle(.init(attempts: two, account: two, network: two, registrations: two)),
            shared: .init(others, key: Secret(Array(repeating: 7, count: 32))))
    }

    @Test(arguments: questions)
    func refusalOfOtherNodesIsNotCountedHere(
        _ ask: @Sendable (SharedThrottle) async throws -> Duration?
    ) async throws {
        others.answer(.success(.seconds(5)))
        for _ in 0..<5 { #expect(try await ask(throttle) == .seconds(5)) }
        #expect(throttle.refusals == 5)
        others.answer(.success(nil))
        for _ in 0..<2 { #expect(try await ask(throttle) == nil) }
        #expect(try await ask(throttle) == .seconds(60))
    }

    @Test(arguments: questions)
    func attemptThatCouldNotBeCountedIsNotCountedHere(
        _ ask: @Sendable (SharedThrottle) async throws -> Duration?
    ) async throws {
        others.answer(.failure(StoreError(.unavailable, "Nobody answers.")))
        for _ in 0..<5 { await #expect(throws: StoreError.self) { try await ask(throttle) } }
        others.answer(.success(nil))
        for _ in 0..<2 { #expect(try await ask(throttle) == nil) }
        #expect(try await ask(throttle) == .seconds(60))
    }
}
