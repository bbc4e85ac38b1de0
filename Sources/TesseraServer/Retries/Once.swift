import TesseraCore
import TesseraCrypto
import TesseraHTTP
import TesseraHosting
import TesseraJSON
import TesseraTime

/// The result of an attempt to do something at most once.
enum Once<Value: Sendable>: Sendable {
    /// This attempt ran; whether it has created something, its value says.
    case done(Value)
    /// An earlier attempt has created something, and got this answer.
    case before(ClaimedAnswer)
    /// The end of an earlier attempt is not known.
    case pending
    /// The key was used for something else.
    case differs
}

/// The value of an attempt, and its consequence for the key.
struct OnceResult<Value: Sendable>: Sendable {
    let value: Value
    let outcome: OnceOutcome

    init(_ value: Value, outcome: OnceOutcome) {
        self.value = value
        self.outcome = outcome
    }
}

/// The consequence of an attempt for its key.
enum OnceOutcome: Sendable {
    /// Something was created: later attempts get this answer.
    case created(ClaimedAnswer)
    /// Nothing was created: the key is free again.
    case nothing
    /// Something may have been created: the key stays taken.
    case unknown
}

extension Retries {
    /// Runs `create` if no other attempt has claimed the key.
    ///
    /// The claim is durable before anything is created. A process that ends in between leaves the key taken, so that a
    /// repeated request never creates a second thing; it cannot tell whether the first exists.
    func once<Value: Sendable>(
        _ claim: Claim, at now: NumericDate, _ create: () async throws -> OnceResult<Value>
    ) async throws -> Once<Value> {
        switch try await claimed(claim, at: now) {
        case .claimed: break
        case .pending: return .pending
        case .completed(let answer): return .before(answer)
        case .differs: return .differs
        }
        let result: OnceResult<Value>
        do {
            result = try await create()
        } catch {
            if Self.hasCreatedNothing(error) { await release(claim) }
            throw error
        }
        switch result.outcome {
        case .created(let answer): await complete(claim, with: answer)
        case .nothing: await release(claim)
        case .unknown: break
        }
        return .done(result.value)
    }

    private func claimed(_ claim: Claim, at now: NumericDate) async throws -> ClaimOutcome {
        do {
            return try await store.claim(claim, at: now)
        } catch {
            // The claim may be there, and nothing was created under it.
            if error.isOutcomeUnknown { await release(claim) }
            throw error
        }
    }

    /// Something was created, and the caller is told so in any case: a key that cannot be completed stays taken.
    private func complete(_ claim: Claim, with answer: ClaimedAnswer) async {
        do {
            try await store.complete(claim.key, by: claim.holder, with: answer)
        } catch {
            log.warning("the answer to a request with an idempotency key is not remembered: \(error)")
        }
    }

    /// A key that cannot be released stays taken until it expires.
    private func release(_ claim: Claim) async {
        do {
            try await store.release(claim.key, by: claim.holder)
        } catch {
            log.warning("the idempotency key of a request that created nothing is not released: \(error)")
        }
    }

    /// Reports whether an error shows that nothing was created. An unknown error must be assumed to have created something
    /// was.
    private static func hasCreatedNothing(_ error: any Error) -> Bool {
        switch error {
        case let error as StoreError: !error.isOutcomeUnknown
        case let error as HTTPError: error.status.code < 500
        case is Refused, is Violations, is InvalidInput, is JSONViolation, is TooManyAttempts,
            is TokenConflict,
            is TokenLimitReached, is PasswordError:
            true
        default: false
        }
    }
}
