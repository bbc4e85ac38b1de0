import TesseraCore
import TesseraTime

extension StoreContract {
    /// A session is stored, and a hash replaced, only for an account that has not changed since the check of its password.
    static let signIn = [
        Clause("an account keeps its state until it changes, and a new account has one") { store in
            let user = User.make()
            let added = try await store.add(
                user, passwordHash: "$hash$", by: .system, audit: .make(user: user.id))
            let found = try await store.userForLogin(user.email)
            try expect(added, is: found, "the state of a new account")
            try expect(added?.user, is: user, "user")
            try await store.start(.make(user: user), digest: .make(), audit: .make())
            try await addToken(store, .make(owner: user))
            try expect(try await store.userForLogin(user.email), is: found, "the state afterwards")
        },
        Clause("a proof is invalid after a change of the account") { store in
            for (what, change) in changesOfAnAccount {
                let user = try await addUser(store)
                let old = Session.make(user: user)
                try await store.start(old, digest: .make(), audit: .make())
                let proof = try await provedState(store, user)
                try await change(store, user)
                let events = try await store.events(concerning: nil, limit: 99).count
                let sessions = try await store.sessions(of: user.id, limit: 9)
                let digests = [TokenDigest.make(), .make()]
                let started = try await store.start(
                    .make(user: user), digest: digests[0], proof: proof, audit: .make())
                let replaced = try await store.replace(
                    old.id, with: .make(user: user), digest: digests[1], proof: proof, audit: .make())
                try expect(!started, "started after \(what)")
                try expect(!replaced, "replaced after \(what)")
                for digest in digests {
                    try expect(try await store.session(digest) == nil, "a session after \(what)")
                }
                let hash = try await store.userForLogin(user.email)?.passwordHash
                try expect(try await store.rehash(proof, to: "$again$") == nil, "rehashed after \(what)")
                let changed = try await store.changePassword(
                    PasswordChange(
                        user: user.id, hash: "$other$", proof: proof, endedSessions: .all, audit: .make(),
                        revocation: .make()), by: .system)
                try expect(changed == nil, "the password was changed after \(what)")
                try expect(
                    try await store.userForLogin(user.email)?.passwordHash, is: hash, "hash after \(what)")
                try expect(
                    try await store.sessions(of: user.id, limit: 9), is: sessions, "sessions after \(what)")
                try expect(
                    try await store.events(concerning: nil, limit: 99).count, is: events,
                    "events after \(what)")
            }
        },
        Clause("a proof is valid until then, and a new hash replaces it") { store in
            let user = try await addUser(store)
            let proof = try await provedState(store, user)
            guard let renewed = try await store.rehash(proof, to: "$new$") else {
                throw Violation(description: "not rehashed")
            }
            try expect(renewed, is: try await provedState(store, user), "the state after that")
            try expect(renewed.passwordHash, is: "$new$", "hash")
            let digest = TokenDigest.make()
            try expect(
                !(try await store.start(.make(user: user), digest: digest, proof: proof, audit: .make())),
                "started by the old hash")
            try expect(
                try await store.start(.make(user: user), digest: digest, proof: renewed, audit: .make()),
                "not started")
            let change = PasswordChange(
                user: user.id, hash: "$newer$", proof: renewed, endedSessions: .all, audit: .make(),
                revocation: nil)
            let outcome = try await store.changePassword(change)
            try expect(outcome?.endedSessions, is: 1, "ended sessions")
            try expect(outcome?.proof, is: try await provedState(store, user), "the state after the change")
            try expect(try await store.events(concerning: user.id, limit: 9).count, is: 1, "events")
        },
        Clause("no session of an old password outlives a change at the same moment") { store in
            for round in 1...5 {
                let user = try await addUser(store)
                let proof = try await provedState(store, user)
                let digests = (0..<20).map { _ in TokenDigest.make() }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for (number, digest) in digests.enumerated() {
                        group.addTask {
                            _ = try await store.start(
                                .make(user: user), digest: digest, proof: proof, audit: .make())
                        }
                        if number != 3 * round { continue }
                        group.addTask {
                            let change = PasswordChange(
                                user: user.id, hash: "$new$", endedSessions: .all, audit: .make(),
                                revocation: nil)
                            try expect(try await store.changePassword(change) != nil, "not changed")
                        }
                    }
                    try await group.waitForAll()
                }
                try expect(try await store.sessions(of: user.id, limit: 99), is: [], "sessions")
            }
        },
        Clause("no session outlives a disabling, even if the account is enabled at once") { store in
            for round in 1...5 {
                let user = try await addUser(store)
                let proof = try await provedState(store, user)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<20 {
                        group.addTask {
                            _ = try await store.start(
                                .make(user: user), digest: .make(), proof: proof, audit: .make())
                        }
                        if number != 3 * round { continue }
                        group.addTask {
                            _ = try await store.setDisabled(true, user: user.id, audit: .make())
                            _ = try await store.setDisabled(false, user: user.id, audit: .make())
                        }
                    }
                    try await group.waitForAll()
                }
                try expect(try await store.sessions(of: user.id, limit: 99), is: [], "sessions")
            }
        },
        Clause("of a new hash and a new password at once, the new password stays") { store in
            for _ in 0..<10 {
                let user = try await addUser(store)
                let proof = try await provedState(store, user)
                let change = PasswordChange(
                    user: user.id, hash: "$new$", endedSessions: .all, audit: .make(), revocation: nil)
                async let rehashed = store.rehash(proof, to: "$old again$")
                async let changed = store.changePassword(change)
                _ = try await (rehashed, changed)
                try expect(try await provedState(store, user).passwordHash, is: "$new$", "hash")
            }
        },
    ]

    private static let changesOfAnAccount: [(String, @Sendable (any Store, User) async throws -> Void)] = [
        (
            "a change of the password",
            { store, user in
                _ = try await store.changePassword(
                    PasswordChange(
                        user: user.id, hash: "$new$", endedSessions: .only(Session.make(user: user).id),
                        audit: .make(), revocation: nil))
            }
        ),
        (
            "a disabling",
            { store, user in _ = try await store.setDisabled(true, user: user.id, audit: .make()) }
        ),
        (
            "a disabling and an enabling",
            { store, user in
                _ = try await store.setDisabled(true, user: user.id, audit: .make())
                _ = try await store.setDisabled(false, user: user.id, audit: .make())
            }
        ),
        ("a removal", { store, user in _ = try await store.remove(user.id, audit: .make()) }),
    ]

    private static func provedState(_ store: any Store, _ user: User) async throws -> SignInProof {
        guard let proof = try await store.userForLogin(user.email) else {
            throw Violation(description: "the account is gone")
        }
        return proof
    }
}
