import TesseraCore
import TesseraTime

extension StoreContract {
    /// One second after ``fixtureInstant``.
    private static let now = fixtureInstant + .seconds(1)

    /// A change takes effect only if the credentials that authorize it have not ended.
    static let authorization = [
        Clause("credentials that have ended change nothing") { store in
            for ending in endings {
                let scene = try await Scene(store)
                try await ending.end(store, scene)
                let before = try await scene.state(store)
                for (number, change) in callerChanges.enumerated() {
                    do {
                        try await change(store, scene, scene.authorizations[ending.isOfSession ? 1 : 0])
                    } catch let error as StoreError where error.code == .authorizationEnded {
                        continue
                    }
                    throw Violation(description: "change \(number) was made after \(ending.name)")
                }
                try expect(try await scene.state(store) == before, "something changed after \(ending.name)")
            }
        },
        Clause("valid credentials make each change") { store in
            for index in 0..<2 {
                for (number, change) in callerChanges.enumerated() {
                    let scene = try await Scene(store)
                    let before = try await scene.state(store)
                    try await change(store, scene, scene.authorizations[index])
                    let after = try await scene.state(store)
                    try expect(after != before, "change \(number) was not made")
                }
            }
        },
        Clause("a token that is revoked while it makes others leaves no valid token") { store in
            for round in 1...5 {
                let owner = try await addUser(store)
                let own = AccessToken.make(owner: owner)
                try await addToken(store, own)
                let authorization = Authorization.token(own.id, of: owner)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<20 {
                        group.addTask {
                            do {
                                _ = try await store.insert(
                                    .make(owner: owner), digest: .make(), limit: number % 2 == 0 ? nil : 99,
                                    by: authorization, audit: .make())
                            } catch let error as StoreError where error.code == .authorizationEnded {}
                        }
                        if number != 3 * round { continue }
                        group.addTask {
                            _ = try await store.revokeTokens(of: owner.id, audit: .make(at: now))
                        }
                    }
                    try await group.waitForAll()
                }
                let tokens = try await store.tokens(of: owner.id, before: nil, limit: 99)
                try expect(tokens.count { $0.revokedAt == nil }, is: 0, "tokens that are left")
            }
        },
        Clause("of two operators who disable each other at once, one succeeds") { store in
            for _ in 0..<5 {
                let scenes = [try await Scene(store), try await Scene(store)]
                func disable(_ index: Int) async throws -> Bool {
                    do {
                        return try await store.setDisabled(
                            true, user: scenes[1 - index].operator.id, by: scenes[index].authorizations[1],
                            audit: .make(at: now))
                    } catch let error where error.code == .authorizationEnded { return false }
                }
                async let first = disable(0)
                async let second = disable(1)
                let outcomes = try await [first, second]
                try expect(outcomes.count(where: \.self), is: 1, "disabled")
            }
        },
        Clause("two tokens that revoke, change and rotate each other at once do not deadlock") { store in
            let owner = try await addUser(store)
            let tokens = [AccessToken.make(owner: owner), .make(owner: owner)]
            for token in tokens { try await addToken(store, token) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    let (caller, target) = (tokens[number % 2], tokens[1 - number % 2])
                    group.addTask {
                        _ = try await store.change(
                            target.id, TokenChange(name: TokenName("\(number)")), limit: nil,
                            by: .token(caller.id, of: owner), audit: .make(at: now))
                        _ = try await store.change(
                            caller.id, TokenChange(expiry: .never), limit: nil,
                            by: .token(caller.id, of: owner), audit: .make(at: now))
                    }
                }
                try await group.waitForAll()
            }
        },
        Clause("a change gives a token more only within the limit, compared with the stored token") { store in
            let owner = try await addUser(store)
            let limit: Scope = [.tokensRead]
            let later = fixtureInstant + .seconds(60 * 86_400)
            let more = [
                TokenChange(expiry: .never), TokenChange(expiry: .at(later)), TokenChange(isSuspended: false),
                TokenChange(name: TokenName("Other"), expiry: .never),
                TokenChange(expiry: .at(now + .seconds(9)), isSuspended: false),
            ]
            let noMore = [
                TokenChange(name: TokenName("Other")), TokenChange(expiry: .at(now + .seconds(9))),
                TokenChange(isSuspended: true),
                TokenChange(metadata: try TokenMetadata(["team": "blue"])), TokenChange(),
            ]
            func outcome(
                _ change: TokenChange, _ token: AccessToken, _ limit: Scope?
            ) async throws -> TokenChangeOutcome {
                let digest = TokenDigest.make()
                try await addToken(store, token, digest)
                let outcome = try await store.change(
                    token.id, change, limit: limit, by: .system, audit: .make(user: owner.id, at: now))
                let expected =
                    outcome == .beyondLimit ? token : change.applied(to: token, at: now)
                try expect(try await store.token(token.id), is: expected, "stored")
                return outcome
            }
            func token(_ scope: Scope, isEndless: Bool = false) -> AccessToken {
                .make(
                    owner: owner, scope: scope,
                    expiresAt: isEndless ? nil : fixtureInstant + .seconds(30 * 86_400),
                    suspendedAt: isEndless ? nil : fixtureInstant)
            }
            let stronger: Scope = [.tokensRead, .tokensWrite]
            for change in more {
                try expect(try await outcome(change, token(stronger), limit), is: .beyondLimit, "\(change)")
                for (scope, limit) in [(limit, limit), (stronger, nil)] as [(Scope, Scope?)] {
                    let outcome = try await outcome(change, token(scope), limit)
                    try expect(outcome != .beyondLimit, "within the limit: \(change)")
                }
            }
            for change in noMore {
                let outcome = try await outcome(change, token(stronger), limit)
                try expect(outcome != .beyondLimit, "no more: \(change)")
            }
            // Rights that the token already has are not an addition.
            for change in more {
                let outcome = try await outcome(change, token(stronger, isEndless: true), limit)
                try expect(outcome != .beyondLimit, "had it before: \(change)")
            }
            let over = AccessToken.make(owner: owner, scope: stronger, expiresAt: now)
            try await addToken(store, over)
            let late = try await store.change(
                over.id, TokenChange(expiry: .never), limit: limit, by: .system, audit: .make(at: now))
            try expect(late, is: .over(over), "a token that is over")
        },
    ]

    /// An operator with a token and a session, and a person with a token and a session, the object of the changes.
    private struct Scene: Sendable {
        let `operator`: User
        let token: AccessToken
        let session: Session
        let person: User
        let target: AccessToken
        let other: Session
        let proof: SignInProof

        init(_ store: any Store) async throws {
            `operator` = try await addUser(store, .make(isOperator: true))
            person = try await addUser(store)
            token = .make(owner: `operator`)
            target = .make(owner: person)
            session = .make(user: `operator`)
            other = .make(user: person)
            for token in [token, target] { try await addToken(store, token) }
            for session in [session, other] {
                try await store.start(session, digest: .make(), audit: .make())
            }
            guard let proof = try await store.userForLogin(person.email) else {
                throw Violation(description: "the account is gone")
            }
            self.proof = proof
        }

        /// The authorizations of the operator: by the token and by the session.
        var authorizations: [Authorization] {
            [.token(token.id, of: `operator`), .session(session.id, of: `operator`)]
        }

        /// The stored state that the changes affect.
        func state(_ store: any Store) async throws -> [String] {
            [
                "\(try await store.users(after: nil, limit: 99))",
                "\(String(describing: try await store.userForLogin(person.email)?.passwordHash))",
                "\(try await store.tokens(of: nil, before: nil, limit: 99))",
                "\(try await store.sessions(of: person.id, limit: 99))",
                "\(try await store.events(concerning: nil, limit: 99).map(\.id))",
            ]
        }
    }

    /// A way to end credentials.
    private struct Ending: Sendable {
        let name: String
        let isOfSession: Bool
        let end: @Sendable (any Store, Scene) async throws -> Void
    }

    private static let endings =
        [
            Ending(name: "its revocation", isOfSession: false) { store, scene in
                _ = try await store.revoke(scene.token.id, audit: .make())
            },
            Ending(name: "the revocation of all", isOfSession: false) { store, scene in
                _ = try await store.revokeTokens(of: scene.operator.id, audit: .make())
            },
            Ending(name: "its end", isOfSession: false) { store, scene in
                _ = try await store.change(scene.token.id, TokenChange(expiry: .at(now)), audit: .make())
            },
            Ending(name: "its disabling", isOfSession: false) { store, scene in
                _ = try await store.change(scene.token.id, TokenChange(isSuspended: true), audit: .make())
            },
            Ending(name: "the session's end", isOfSession: true) { store, scene in
                _ = try await store.end(scene.session.id, audit: .make())
            },
            Ending(name: "the end of all sessions", isOfSession: true) { store, scene in
                _ = try await store.endSessions(of: scene.operator.id, except: nil, audit: .make())
            },
            Ending(name: "a change of the password", isOfSession: true) { store, scene in
                _ = try await store.changePassword(
                    PasswordChange(
                        user: scene.operator.id, hash: "$new$", endedSessions: .all, audit: .make(),
                        revocation: nil))
            },
        ] + endingsOfTheOwner(ofSession: false) + endingsOfTheOwner(ofSession: true)

    private static func endingsOfTheOwner(ofSession isOfSession: Bool) -> [Ending] {
        [
            Ending(name: "the owner's disabling", isOfSession: isOfSession) { store, scene in
                _ = try await store.setDisabled(true, user: scene.operator.id, audit: .make())
            },
            Ending(name: "the owner's removal", isOfSession: isOfSession) { store, scene in
                _ = try await store.remove(scene.operator.id, audit: .make())
            },
            Ending(name: "the loss of the role", isOfSession: isOfSession) { store, scene in
                var user = scene.operator
                user.isOperator = false
                _ = try await store.update(user, audit: .make())
            },
        ]
    }

    /// Every method that changes something for a caller, called so that it succeeds if permitted.
    private static let callerChanges: [@Sendable (any Store, Scene, Authorization) async throws -> Void] = [
        { store, scene, authorization in
            _ = try await store.insert(
                .make(owner: scene.operator), digest: .make(), limit: nil, by: authorization,
                audit: .make(at: now))
        },
        { store, scene, authorization in
            _ = try await store.insert(
                .make(owner: scene.operator), digest: .make(), limit: 99, by: authorization,
                audit: .make(at: now))
        },
        { store, scene, authorization in
            _ = try await store.insert(
                .make(owner: scene.person), digest: .make(), limit: 99, by: authorization,
                audit: .make(at: now))
        },
        { store, scene, authorization in
            _ = try await store.revoke(scene.target.id, by: authorization, audit: .make(at: now))
        },
        { store, scene, authorization in
            _ = try await store.revokeTokens(
                of: scene.person.id, by: authorization, audit: .make(at: now))
        },
        { store, scene, authorization in
            _ = try await store.change(
                scene.target.id, TokenChange(expiry: .never), limit: nil, by: authorization,
                audit: .make(at: now))
        },
        { store, scene, authorization in
            _ = try await store.rotate(
                to: .make(owner: scene.person, replaces: scene.target.id), digest: .make(),
                endingOldAt: now, by: authorization, audit: .make(at: now))
        },
        { store, scene, authorization in
            _ = try await store.end(scene.other.id, by: authorization, audit: .make(at: now))
        },
        { store, scene, authorization in
            _ = try await store.endSessions(
                of: scene.person.id, except: nil, by: authorization, audit: .make(at: now))
        },
        { store, _, authorization in
            _ = try await store.add(
                .make(), passwordHash: "$hash$", by: authorization, audit: .make(at: now))
        },
        { store, scene, authorization in
            var user = scene.person
            user.username = "Other"
            _ = try await store.update(user, by: authorization, audit: .make(at: now))
        },
        { store, scene, authorization in
            _ = try await store.changePassword(
                PasswordChange(
                    user: scene.person.id, hash: "$new$", proof: scene.proof, endedSessions: .all,
                    audit: .make(at: now), revocation: .make(at: now)), by: authorization)
        },
        { store, scene, authorization in
            _ = try await store.setDisabled(
                true, user: scene.person.id, by: authorization, audit: .make(at: now))
        },
        { store, scene, authorization in
            _ = try await store.remove(scene.person.id, by: authorization, audit: .make(at: now))
        },
    ]
}
