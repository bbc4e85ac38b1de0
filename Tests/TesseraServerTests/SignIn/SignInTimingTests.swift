import TesseraCore
import TesseraCrypto
import TesseraOpenAPI
import TesseraServer
import TesseraStores
import TesseraTestKit
import Testing

/// How long an answer takes must not tell which accounts there are (N210).
///
/// Measured in process and with a password hash of half a millisecond, so that 50,000 pairs are possible; at full cost the
/// same differences hide behind forty milliseconds. A debug build reads a row ten times slower than what people run, so
/// that it only shows whether the hash is computed in either case; `script/test --long` measures a release build.
@Suite(.serialized) struct SignInTimingTests {
    #if DEBUG
        private static let (pairs, largestT, largestGap) = (300, Double.infinity, 0.4)
    #else
        private static let (pairs, largestT, largestGap) = (50_000, 4.5, 0.02)
    #endif

    @Test func existingAndUnknownAccountsAreNotToldApart() async throws {
        let directory = try TemporaryDirectory()
        let store = try await SQLiteStore.open(path: directory.path("tessera.db"), migrate: true)
        let parameters = try #require(Argon2Parameters(memory: 1_024, passes: 1))
        let kit = try await TestAuthority(store: store) { $0.passwordParameters = parameters }
        let people = 50
        for number in 0..<people { _ = try await kit.person("existing\(number)") }
        var existing = Sample()
        var unknown = Sample()
        for pair in 0..<Self.pairs {
            // In either order, so that what the first leaves behind favours neither.
            for isKnown in pair.isMultiple(of: 2) ? [true, false] : [false, true] {
                let email = "\(isKnown ? "existing" : "stranger")\(pair % people)@example.org"
                let began = ContinuousClock.now
                let proof = try await kit.authority.accounts.authenticate(
                    email: email, password: "not the password of anybody", at: kit.clock.now)
                let taken = ContinuousClock.now - began
                #expect(proof == nil)
                if isKnown { existing.add(taken) } else { unknown.add(taken) }
            }
        }
        let t = Sample.welch(existing, unknown)
        let gap = abs(existing.median - unknown.median) / existing.median
        let figures: Comment = "t \(t), median \(existing.median) µs, gap \(gap * 100) %"
        #expect(abs(t) < Self.largestT, figures)
        #expect(gap <= Self.largestGap, figures)
        store.close()
    }

    @Test func differenceWouldBeSeen() {
        var (one, other) = (Sample(), Sample())
        for number in 0..<1_000 {
            one.add(.microseconds(500 + number % 50))
            other.add(.microseconds(512 + number % 50))
        }
        #expect(abs(Sample.welch(one, other)) > 4.5)
        #expect(abs(one.median - other.median) / one.median > 0.02)
    }
}

/// Times in microseconds, and what one can say of them.
private struct Sample {
    private var values: [Double] = []

    mutating func add(_ duration: Duration) { values.append(duration / .microseconds(1)) }

    var median: Double { values.sorted()[values.count / 2] }
    private var mean: Double { values.reduce(0, +) / Double(values.count) }
    private var variance: Double {
        let mean = mean
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    }

    /// Welch's t: how many standard errors the means lie apart.
    static func welch(_ one: Sample, _ other: Sample) -> Double {
        let error = one.variance / Double(one.values.count) + other.variance / Double(other.values.count)
        return (one.mean - other.mean) / error.squareRoot()
    }
}
