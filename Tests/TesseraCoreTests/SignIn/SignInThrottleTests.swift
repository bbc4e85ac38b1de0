import TesseraCore
import TesseraTestKit
import TesseraTime
import Testing

@Suite struct SignInThrottleTests {
    private let start = fixtureInstant

    private func attempt(
        _ email: String = "ember@example.com", from network: String = "192.0.2.1", browser: String? = nil
    ) -> SignInAttempt {
        SignInAttempt(email: email, origin: browser.map { .knownBrowser($0) } ?? .network(network))
    }

    /// Fails this many times, each time as soon as permitted; returns the instant of the last failure.
    private func fail(
        _ throttle: SignInThrottle, _ attempt: SignInAttempt, times: Int, from now: NumericDate
    ) -> NumericDate {
        var now = now
        for _ in 0..<times {
            while let wait = throttle.begin(attempt, at: now) { now = now + wait }
        }
        return now
    }

    @Test func fiveFailuresAreFreeAndThenTheDelayDoublesToAQuarterOfAnHour() {
        let throttle = SignInThrottle()
        var now = start
        for _ in 0..<5 { #expect(throttle.begin(attempt(), at: now) == nil) }
        var delays: [Duration] = []
        for _ in 0..<12 {
            let wait = throttle.begin(attempt(), at: now) ?? .zero
            delays.append(wait)
            // A millisecond early is too early, and an early attempt changes nothing.
            #expect(throttle.begin(attempt(), at: now + wait - .milliseconds(1)) == .milliseconds(1))
            now = now + wait
            #expect(throttle.begin(attempt(), at: now) == nil)
        }
        #expect(delays == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900].map { .seconds($0) })
        #expect(throttle.refusals == 24)
    }

    @Test func attemptThatBeganAMomentEarlierButIsCountedLaterNeedNotWait() {
        let throttle = SignInThrottle()
        #expect(throttle.begin(attempt(), at: start + .milliseconds(3)) == nil)
        #expect(throttle.begin(attempt(), at: start) == nil)
        throttle.withdrawn(attempt(), at: start + .milliseconds(5))
        #expect(throttle.begin(attempt(), at: start + .milliseconds(4)) == nil)
        // The delay is the same.
        for _ in 0..<3 { #expect(throttle.begin(attempt(), at: start) == nil) }
        #expect(throttle.begin(attempt(), at: start + .milliseconds(1)) == .milliseconds(999))
    }

    @Test func successClearsTheFailuresOfTheAccount() {
        let throttle = SignInThrottle()
        let now = fail(throttle, attempt(), times: 6, from: start)
        #expect(throttle.begin(attempt(), at: now) != nil)
        let later = now + .seconds(2)
        #expect(throttle.begin(attempt(), at: later) == nil)
        throttle.succeeded(attempt(), at: later)
        for _ in 0..<5 { #expect(throttle.begin(attempt(), at: later) == nil) }
        #expect(throttle.begin(attempt(), at: later) != nil)
    }

    @Test func strangerDoesNotLockOutAKnownBrowserNorAnotherNetwork() {
        let throttle = SignInThrottle()
        let now = fail(throttle, attempt(from: "192.0.2.1"), times: 20, from: start)
        #expect(throttle.begin(attempt(from: "192.0.2.1"), at: now) != nil)
        #expect(throttle.begin(attempt(from: "192.0.2.2"), at: now) == nil)
        #expect(throttle.begin(attempt(from: "192.0.2.1", browser: "b"), at: now) == nil)
    }

    @Test func knownBrowserHasTheSameBudgetAndNotMore() {
        let throttle = SignInThrottle()
        for _ in 0..<5 { #expect(throttle.begin(attempt(browser: "b"), at: start) == nil) }
        #expect(throttle.begin(attempt(browser: "b"), at: start) == .seconds(1))
        #expect(throttle.begin(attempt(browser: "c"), at: start) == nil)
        #expect(throttle.begin(attempt("ash@example.com", browser: "b"), at: start) == nil)
    }

    @Test("NIST SP 800-63B-4 §3.2.2: no more than 100 failures in a row from all networks together")
    func manyNetworksTogetherHaveOneHundredFailures() {
        let throttle = SignInThrottle()
        for number in 0..<100 {
            #expect(throttle.begin(attempt(from: "198.51.100.\(number)"), at: start) == nil)
        }
        #expect(throttle.begin(attempt(from: "203.0.113.1"), at: start) == .seconds(86_400))
        #expect(throttle.begin(attempt("ash@example.com", from: "203.0.113.1"), at: start) == nil)
        // The person signs in with a known browser, and other browsers are admitted again.
        #expect(throttle.begin(attempt(browser: "b"), at: start) == nil)
        throttle.succeeded(attempt(browser: "b"), at: start)
        #expect(throttle.begin(attempt(from: "203.0.113.1"), at: start) == nil)
    }

    @Test func oneNetworkHasABudgetOverAllAccounts() {
        let throttle = SignInThrottle()
        for number in 0..<50 {
            #expect(throttle.begin(attempt("person\(number)@example.com"), at: start) == nil)
        }
        #expect(throttle.begin(attempt("another@example.com"), at: start) == .seconds(1))
        #expect(throttle.begin(attempt("another@example.com", from: "192.0.2.9"), at: start) == nil)
        let proxied = SignInAttempt(
            email: "third@example.com", origin: .network("192.0.2.1"), countsNetwork: false)
        #expect(throttle.begin(proxied, at: start) == nil)
    }

    @Test func guessesAtOtherAccountsDoNotDelayOnesOwn() {
        let throttle = SignInThrottle()
        for number in 0..<49 {
            #expect(throttle.begin(attempt("person\(number)@example.com"), at: start) == nil)
        }
        let own = attempt("own@example.com")
        #expect(throttle.begin(own, at: start) == nil)
        throttle.succeeded(own, at: start)
        #expect(throttle.begin(attempt("next@example.com"), at: start) == nil)
        #expect(throttle.begin(attempt("last@example.com"), at: start) == .seconds(1))
    }

    @Test func withdrawnAttemptIsNoFailure() {
        let throttle = SignInThrottle()
        for _ in 0..<20 {
            #expect(throttle.begin(attempt(), at: start) == nil)
            throttle.withdrawn(attempt(), at: start)
        }
    }

    @Test func failuresAreForgottenAfterADay() {
        let throttle = SignInThrottle()
        let now = fail(throttle, attempt(), times: 8, from: start)
        let almost = now + .seconds(86_400) - .milliseconds(1)
        #expect(throttle.begin(attempt(), at: almost) == nil)
        #expect(throttle.begin(attempt(), at: almost) != nil)
        for _ in 0..<5 { #expect(throttle.begin(attempt(), at: almost + .seconds(86_400)) == nil) }
    }

    @Test func addressesInAnyCaseAreOneAccount() {
        let throttle = SignInThrottle()
        for email in ["ember@example.com", "EMBER@example.com", "Ember@Example.Com", "a", "a"] {
            #expect(throttle.begin(attempt(email), at: start) == nil)
        }
        for _ in 0..<2 { #expect(throttle.begin(attempt("ember@EXAMPLE.com"), at: start) == nil) }
        #expect(throttle.begin(attempt(), at: start) != nil)
        #expect(throttle.begin(attempt("a"), at: start) == nil)
    }

    @Test func memoryIsBoundedAndDropsTheLeastRecent() {
        var policy = SignInThrottle.Policy()
        policy.capacity = 30
        let throttle = SignInThrottle(policy)
        for _ in 0..<5 { #expect(throttle.begin(attempt(browser: "kept"), at: start) == nil) }
        for number in 0..<20 {
            _ = throttle.begin(attempt("a\(number)@example.com", browser: "b"), at: start)
        }
        #expect(throttle.begin(attempt(browser: "kept"), at: start) != nil)
        for number in 0..<70 {
            _ = throttle.begin(attempt("b\(number)@example.com", browser: "b"), at: start)
        }
        #expect(throttle.begin(attempt(browser: "kept"), at: start) == nil)
    }

    @Test func newAccountsAreCountedForEachNetworkAndForAllBehindAProxy() {
        let throttle = SignInThrottle(
            .init(
                registrations: .init(
                    free: 2, shortest: .seconds(60), longest: .seconds(120), memory: .seconds(3_600)),
                sharedRegistrations: .init(
                    free: 1, shortest: .seconds(10), longest: .seconds(10), memory: .seconds(3_600))))
        #expect(throttle.beginRegistration(from: "192.0.2.1", at: fixtureInstant) == nil)
        #expect(throttle.beginRegistration(from: "192.0.2.1", at: fixtureInstant) == nil)
        #expect(throttle.beginRegistration(from: "192.0.2.1", at: fixtureInstant) == .seconds(60))
        #expect(throttle.beginRegistration(from: "192.0.2.2", at: fixtureInstant) == nil)
        #expect(throttle.beginRegistration(from: nil, at: fixtureInstant) == nil)
        #expect(throttle.beginRegistration(from: nil, at: fixtureInstant) == .seconds(10))
        let later = fixtureInstant + .seconds(60)
        #expect(
            throttle.beginRegistration(from: "192.0.2.1", at: later - .milliseconds(1)) == .milliseconds(1))
        #expect(throttle.beginRegistration(from: "192.0.2.1", at: later) == nil)
        #expect(throttle.beginRegistration(from: "192.0.2.1", at: later) == .seconds(120))
        // Password attempts are counted separately.
        let attempt = SignInAttempt(email: "ember@example.org", origin: .network("192.0.2.1"))
        #expect(throttle.begin(attempt, at: later) == nil)
    }
}
