import TesseraCore
import TesseraCrypto
import TesseraTime

extension StoreContract {
    static let claims = [
        Clause("a key is claimed once, and a later attempt learns the outcome of the first") { store in
            let now = fixtureInstant
            let first = Claim.make()
            let second = Claim.make(key: first.key, fingerprint: first.fingerprint)
            let other = Claim.make(key: first.key)
            let answer = ClaimedAnswer(
                status: 201, location: "/api/tokens/x", mediaType: "application/json", body: [0x7B, 0x7D, 0])
            try expect(try await store.claim(first, at: now), is: .claimed, "the first")
            try expect(try await store.claim(second, at: now), is: .pending, "the second")
            try expect(try await store.claim(other, at: now), is: .differs, "another request")
            try expect(try await store.claim(.make(), at: now), is: .claimed, "another key")
            try await store.complete(first.key, by: second.holder, with: answer)
            try expect(try await store.claim(second, at: now), is: .pending, "completed by another attempt")
            try await store.complete(first.key, by: first.holder, with: answer)
            try expect(try await store.claim(second, at: now), is: .completed(answer), "completed")
            try expect(try await store.claim(other, at: now), is: .differs, "another request after that")
            try await store.complete(first.key, by: first.holder, with: .init(status: 204))
            try expect(try await store.claim(second, at: now), is: .completed(answer), "completed again")
            let bare = Claim.make()
            let repeated = Claim.make(key: bare.key, fingerprint: bare.fingerprint)
            _ = try await store.claim(bare, at: now)
            try await store.complete(bare.key, by: bare.holder, with: .init(status: 204))
            try expect(
                try await store.claim(repeated, at: now), is: .completed(.init(status: 204)), "without a body"
            )
        },
        Clause("a key is free again when the attempt that holds it releases it, and only then") { store in
            let now = fixtureInstant
            let first = Claim.make()
            let second = Claim.make(key: first.key, fingerprint: first.fingerprint)
            _ = try await store.claim(first, at: now)
            try await store.release(first.key, by: second.holder)
            try expect(try await store.claim(second, at: now), is: .pending, "released by another")
            try await store.release(first.key, by: first.holder)
            try expect(try await store.claim(second, at: now), is: .claimed, "after the release")
            try await store.complete(first.key, by: second.holder, with: .init(status: 200))
            try await store.release(first.key, by: second.holder)
            try expect(
                try await store.claim(first, at: now), is: .completed(.init(status: 200)),
                "a completed claim is not released")
        },
        Clause("an expired claim counts as none") { store in
            let end = fixtureInstant + Claim.lifetime
            let first = Claim.make(expiresAt: end)
            let second = Claim.make(
                key: first.key, fingerprint: first.fingerprint, claimedAt: end,
                expiresAt: end + Claim.lifetime)
            _ = try await store.claim(first, at: fixtureInstant)
            try await store.complete(first.key, by: first.holder, with: .init(status: 200, body: [1]))
            try expect(
                try await store.claim(second, at: end - .milliseconds(1)),
                is: .completed(.init(status: 200, body: [1])), "a moment before")
            try expect(try await store.claim(second, at: end), is: .claimed, "at the end")
            let third = Claim.make(key: first.key, fingerprint: first.fingerprint)
            try expect(try await store.claim(third, at: end), is: .pending, "the answer is forgotten")
            try await store.release(first.key, by: first.holder)
            try expect(try await store.claim(third, at: end), is: .pending, "the first holds it no more")
        },
        Clause("of many attempts at once to claim a key, exactly one succeeds") { store in
            for _ in 0..<10 {
                let key = SHA256Digest.make()
                let print = SHA256Digest.make()
                let outcomes = try await withThrowingTaskGroup(of: ClaimOutcome.self) { group in
                    for _ in 0..<8 {
                        group.addTask {
                            try await store.claim(.make(key: key, fingerprint: print), at: fixtureInstant)
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                try expect(outcomes.count { $0 == .claimed }, is: 1, "claimed")
                try expect(outcomes.count { $0 == .pending }, is: 7, "pending")
            }
        },
        Clause("pruning deletes claims that have expired, the oldest first") { store in
            let now = fixtureInstant + Claim.lifetime
            let claims = (-2...1).map { Claim.make(expiresAt: now + .seconds($0)) }
            for claim in claims { _ = try await store.claim(claim, at: fixtureInstant) }
            try expect(try await store.pruneClaims(expiredAt: now, limit: 0), is: 0, "with limit 0")
            try expect(try await store.pruneClaims(expiredAt: now, limit: 2), is: 2, "with limit 2")
            try expect(try await store.pruneClaims(expiredAt: now, limit: 9), is: 1, "the rest")
            for (claim, isThere) in zip(claims, [false, false, false, true]) {
                let again = Claim.make(key: claim.key, fingerprint: claim.fingerprint)
                try expect(
                    try await store.claim(again, at: fixtureInstant), is: isThere ? .pending : .claimed,
                    "expiring \(claim.expiresAt)")
            }
        },
    ]
}
