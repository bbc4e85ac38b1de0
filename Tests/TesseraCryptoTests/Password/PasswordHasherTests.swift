import TesseraCrypto
import Testing

@Suite struct PasswordHasherTests {
    static let quick = Argon2Parameters(memory: 64, passes: 1)!
    /// Long enough that a test can act while one runs.
    static let slow = Argon2Parameters(memory: 65_536, passes: 8)!

    private func hasher(
        _ parameters: Argon2Parameters = quick, threadCount: Int = 2, queueLimit: Int = 64
    ) -> PasswordHasher {
        PasswordHasher(
            parameters: parameters, threadCount: threadCount, queueLimit: queueLimit, random: .system)
    }

    @Test func aPasswordIsVerifiedAgainstItsHashOnly() async throws {
        let hasher = hasher()
        let phc = try await hasher.hash(Secret(utf8: "a hoard of old gold"))
        #expect(phc.hasPrefix("$argon2id$v=19$m=64,t=1,p=1$"))
        #expect(try await hasher.verify(Secret(utf8: "a hoard of old gold"), against: phc))
        #expect(try await !hasher.verify(Secret(utf8: "a hoard of old Gold"), against: phc))
        #expect(!hasher.needsRehash(phc))
    }

    @Test func theSamePasswordIsSaltedAnewEachTime() async throws {
        let hasher = hasher()
        let first = try await hasher.hash(Secret(utf8: "ember"))
        let second = try await hasher.hash(Secret(utf8: "ember"))
        #expect(first != second)
    }

    @Test func saltsComeFromTheGivenSource() async throws {
        let source = RandomSource { bytes in for index in bytes.indices { bytes[index] = 9 } }
        let hasher = PasswordHasher(parameters: Self.quick, threadCount: 1, random: source)
        let expected = try Argon2id.hash(
            Secret(utf8: "ember"), salt: Array(repeating: 9, count: 16), parameters: Self.quick)
        #expect(try await hasher.hash(Secret(utf8: "ember")) == expected)
    }

    @Test func nothingMatchesNothing() async throws {
        let hasher = hasher()
        #expect(try await !hasher.verifyAgainstNothing(Secret([])))
        #expect(try await !hasher.verifyAgainstNothing(Secret(utf8: "ember")))
    }

    @Test("N210") func anUnknownAccountCostsWhatAKnownOneDoes() async throws {
        let parameters = Argon2Parameters(memory: 4_096, passes: 2)!
        let hasher = hasher(parameters, threadCount: 1)
        let phc = try await hasher.hash(Secret(utf8: "ember"))
        let clock = ContinuousClock()
        // The least of many, since whatever else the machine does only adds; as many as it takes to agree.
        var known = Duration.seconds(60)
        var unknown = Duration.seconds(60)
        var rounds = 0
        repeat {
            known = min(
                known,
                try await clock.measure { _ = try await hasher.verify(Secret(utf8: "x"), against: phc) })
            unknown = min(
                unknown, try await clock.measure { try await hasher.verifyAgainstNothing(Secret(utf8: "x")) })
            rounds += 1
        } while rounds < 300 && (rounds < 10 || max(known, unknown) > min(known, unknown) * 1.25)
        #expect(max(known, unknown) <= min(known, unknown) * 1.25)
    }

    @Test func aMalformedHashIsAnError() async {
        let hasher = hasher()
        await #expect(throws: PasswordError.malformedHash) {
            try await hasher.verify(Secret([]), against: "plain")
        }
    }

    @Test func whoComesWhenTheQueueIsFullHearsBusy() async {
        let hasher = hasher(Self.slow, threadCount: 1, queueLimit: 2)
        let outcomes = await withTaskGroup(of: Result<String, PasswordError>.self) { group in
            for _ in 0..<12 {
                group.addTask {
                    do throws(PasswordError) {
                        return .success(try await hasher.hash(Secret(utf8: "ember")))
                    } catch { return .failure(error) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let done = outcomes.filter { if case .success = $0 { true } else { false } }
        let busy = outcomes.filter { $0 == .failure(.busy) }
        // One runs and two wait; a late comer may find a place that has become free.
        #expect(done.count >= 2)
        #expect(busy.count >= 1)
        #expect(done.count + busy.count == 12)
    }

    @Test func afterShutDownNothingIsHashed() async {
        let hasher = hasher()
        hasher.shutDown()
        hasher.shutDown()
        await #expect(throws: PasswordError.stopped) { try await hasher.hash(Secret(utf8: "ember")) }
    }

    @Test func shutDownAnswersEveryoneWhoWaits() async {
        let hasher = hasher(Self.slow, threadCount: 1, queueLimit: 8)
        let asked = (0..<6).map { _ in
            Task { () -> PasswordError? in
                do throws(PasswordError) {
                    _ = try await hasher.hash(Secret(utf8: "ember"))
                    return nil
                } catch { return error }
            }
        }
        await Task.yield()
        hasher.shutDown()
        for task in asked {
            let failure = await task.value
            #expect(failure == nil || failure == .stopped)
        }
    }

    @Test func aCancelledTaskDoesNotHash() async {
        let hasher = hasher(Self.quick, threadCount: 1)
        let task = Task { () -> PasswordError? in
            withUnsafeCurrentTask { $0?.cancel() }
            do throws(PasswordError) {
                _ = try await hasher.hash(Secret(utf8: "ember"))
                return nil
            } catch { return error }
        }
        #expect(await task.value == .cancelled)
    }

    @Test func manyAtOnceAreAllAnswered() async throws {
        let hasher = hasher(queueLimit: 500)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let password = Secret(utf8: "ember \(number)")
                    return try await hasher.verify(password, against: hasher.hash(password))
                }
            }
            for try await matches in group { #expect(matches) }
        }
    }
}
