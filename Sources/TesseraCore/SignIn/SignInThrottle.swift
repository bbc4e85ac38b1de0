import Synchronization
public import TesseraTime

/// Slows down the guessing of passwords, without letting a stranger lock a person out (RFC 6749 §2.3.1).
///
/// Browsers that are not known have three budgets: for one network at one account, for all networks at one account, and for one
/// network at all accounts. A browser in which the person has signed in before has a budget of its own, which no other client
/// can use up.
///
/// Accounts that do not exist have budgets like all others, so that an answer does not tell which do. Held in memory,
/// bounded; what was not touched for longest goes first.
public final class SignInThrottle: Sendable {
    /// A number of free failures, and the times to wait after more.
    public struct Budget: Sendable {
        /// After so many failures in a row one has to wait.
        public var free: Int
        /// The first time to wait; each further failure doubles it.
        public var shortest: Duration
        /// The longest time to wait.
        public var longest: Duration
        /// After this without a failure, all of them are forgotten.
        public var memory: Duration

        public init(free: Int, shortest: Duration, longest: Duration, memory: Duration) {
            self.free = free
            self.shortest = shortest
            self.longest = longest
            self.memory = memory
        }

        /// The time to wait after a number of failures in a row.
        func delay(after failures: Int) -> Duration {
            guard failures >= free else { return .zero }
            // Forty doublings of anything are longer than any limit, and more would not fit.
            return min(longest, shortest * (1 << min(failures - free, 40)))
        }
    }

    /// The budgets, and how many of each kind of thing are remembered.
    public struct Policy: Sendable {
        /// Of one network at one account, and of a known browser at its account.
        public var attempts: Budget
        /// The budget of all networks at one account, known browsers apart: no more than 100 failures in a row, and then one a day
        /// (NIST SP 800-63B-4 §3.2.2).
        public var account: Budget
        /// Of one network at all accounts.
        public var network: Budget
        /// Of new accounts from one network.
        public var registrations: Budget
        /// The budget of new accounts by way of a proxy on this machine, which all clients share.
        public var sharedRegistrations: Budget
        /// The least number of budgets in use that are remembered.
        public var capacity: Int

        public init(
            attempts: Budget = Budget(
                free: 5, shortest: .seconds(1), longest: .seconds(900), memory: .seconds(86_400)),
            account: Budget = Budget(
                free: 100, shortest: .seconds(86_400), longest: .seconds(86_400),
                memory: .seconds(30 * 86_400)),
            network: Budget = Budget(
                free: 50, shortest: .seconds(1), longest: .seconds(900), memory: .seconds(86_400)),
            registrations: Budget = Budget(
                free: 10, shortest: .seconds(60), longest: .seconds(3_600), memory: .seconds(86_400)),
            sharedRegistrations: Budget = Budget(
                free: 100, shortest: .seconds(10), longest: .seconds(10), memory: .seconds(3_600)),
            capacity: Int = 50_000
        ) {
            self.attempts = attempts
            self.account = account
            self.network = network
            self.registrations = registrations
            self.sharedRegistrations = sharedRegistrations
            self.capacity = capacity
        }
    }

    /// A budget that an attempt is counted in.
    enum Key: Hashable {
        case attempts(SignInAttempt.Origin, account: SignInAttempt.Account)
        case account(SignInAttempt.Account)
        case network(String)
        case registrations(network: String)
        case sharedRegistrations

        /// The key as bytes, different for each: what has no fixed length stands last.
        var bytes: [UInt8] {
            switch self {
            case .attempts(.knownBrowser(let browser), let account):
                [1] + account.bytes + Array(browser.utf8)
            case .attempts(.network(let network), let account): [2] + account.bytes + Array(network.utf8)
            case .account(let account): [3] + account.bytes
            case .network(let network): [4] + Array(network.utf8)
            case .registrations(let network): [5] + Array(network.utf8)
            case .sharedRegistrations: [6]
            }
        }
    }

    private struct Tally {
        var failures = 0
        var lastAt: NumericDate
        /// The instant until which attempts have to wait; `nil` for no wait. Not the instant of the last attempt: of two at the same
        /// time, the one that began a moment earlier may be counted later, and would then have to wait.
        var closedUntil: NumericDate?
    }

    /// Two generations, as in ``TokenCache``: what is touched moves to the young one; when that is full, the old goes.
    private struct State {
        var young: [Key: Tally] = [:]
        var old: [Key: Tally] = [:]
        var refusals = 0
    }

    private let policy: Policy
    private let state = Mutex(State())

    public init(_ policy: Policy = Policy()) { self.policy = policy }

    /// The number of attempts that had to wait, since the start.
    public var refusals: Int { state.withLock { $0.refusals } }

    /// Asks whether a password may be tried now.
    ///
    /// An attempt that may is counted as a failure at once, so that many at the same time do not get past the count; say
    /// ``succeeded(_:at:)`` or ``withdrawn(_:at:)`` when it was none.
    ///
    /// - Returns: `nil` when it may, else how long to wait. Waiting attempts are not counted.
    public func begin(_ attempt: SignInAttempt, at now: NumericDate) -> Duration? {
        begin(keys(of: attempt), at: now)
    }

    /// Begins an attempt to open an account. It is counted, however it ends: each attempt tells whether an address is taken, or
    /// makes an account.
    ///
    /// - Parameter network: The part of the address that one customer has; `nil` for a proxy on this machine.
    /// - Returns: `nil` for an attempt that may go on, else the time to wait. Waiting attempts are not counted.
    public func beginRegistration(from network: String?, at now: NumericDate) -> Duration? {
        begin([key(ofRegistrationsFrom: network)], at: now)
    }

    func key(ofRegistrationsFrom network: String?) -> Key {
        network.map { .registrations(network: $0) } ?? .sharedRegistrations
    }

    func begin(_ keys: [Key], at now: NumericDate) -> Duration? {
        state.withLock { state in
            let tallies = keys.map { ($0, tally(of: $0, in: state, at: now)) }
            if let open = tallies.compactMap(\.1.closedUntil).max(), open > now {
                state.refusals += 1
                return open - now
            }
            for (key, var tally) in tallies {
                tally.failures += 1
                tally.lastAt = now
                let delay = budget(of: key).delay(after: tally.failures)
                tally.closedUntil = delay > .zero ? now + delay : nil
                put(tally, for: key, in: &state)
            }
            return nil
        }
    }

    /// The password was right: what was tried at the account before is forgotten.
    ///
    /// The network keeps its other failures, so that one account of one's own does not open the way to all others.
    public func succeeded(_ attempt: SignInAttempt, at now: NumericDate) {
        let (forgotten, takenBack) = keysAfterSuccess(of: attempt)
        state.withLock { state in
            for key in forgotten {
                state.young[key] = nil
                state.old[key] = nil
            }
            for key in takenBack { takeBack(key, in: &state, at: now) }
        }
    }

    /// The budgets that the right password clears, and those from which it takes back this attempt alone.
    func keysAfterSuccess(of attempt: SignInAttempt) -> (forgotten: [Key], takenBack: [Key]) {
        var (forgotten, takenBack) = ([Key.account(attempt.account)], [Key]())
        for key in keys(of: attempt) {
            switch key {
            case .network: takenBack.append(key)
            case .account: break
            default: forgotten.append(key)
            }
        }
        return (forgotten, takenBack)
    }

    /// Other nodes have seen too many; here the attempt counts as one that had to wait.
    func refused(_ keys: [Key], at now: NumericDate) {
        takeBack(keys, at: now)
        state.withLock { $0.refusals += 1 }
    }

    /// It never came to looking at the password.
    public func withdrawn(_ attempt: SignInAttempt, at now: NumericDate) {
        takeBack(keys(of: attempt), at: now)
    }

    /// The attempt that was counted for these is none.
    func takeBack(_ keys: [Key], at now: NumericDate) {
        state.withLock { state in
            for key in keys { takeBack(key, in: &state, at: now) }
        }
    }

    private func takeBack(_ key: Key, in state: inout State, at now: NumericDate) {
        var tally = tally(of: key, in: state, at: now)
        tally.failures = max(0, tally.failures - 1)
        // It was open when the attempt began.
        tally.closedUntil = nil
        put(tally, for: key, in: &state)
    }

    func keys(of attempt: SignInAttempt) -> [Key] {
        let own = Key.attempts(attempt.origin, account: attempt.account)
        guard case .network(let network) = attempt.origin else { return [own] }
        return [own, .account(attempt.account)] + (attempt.countsNetwork ? [.network(network)] : [])
    }

    func budget(of key: Key) -> Budget {
        switch key {
        case .attempts: policy.attempts
        case .account: policy.account
        case .network: policy.network
        case .registrations: policy.registrations
        case .sharedRegistrations: policy.sharedRegistrations
        }
    }

    private func tally(of key: Key, in state: State, at now: NumericDate) -> Tally {
        guard let tally = state.young[key] ?? state.old[key], now < tally.lastAt + budget(of: key).memory
        else {
            return Tally(lastAt: now)
        }
        return tally
    }

    private func put(_ tally: Tally, for key: Key, in state: inout State) {
        if state.young[key] == nil, state.young.count >= policy.capacity {
            state.old = state.young
            state.young = [:]
        }
        state.old[key] = nil
        state.young[key] = tally
    }
}
