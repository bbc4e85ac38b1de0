import Glibc
import TesseraCore
import TesseraTime

/// The connection over which a node hears what others have changed, and whether it still hears anything.
///
/// Once a second it tells itself something over a channel that nobody else knows, by a notification like all others. As
/// the server delivers them in the order of their commits, everything that was committed before has been heard when this
/// one comes back. When it does not come back in time, nothing is heard any more, whatever the network says.
///
/// A message that has arrived holds only once it was taken in. So the socket is looked at several times a second, and when
/// the last look is more than a second old, because the process was stopped or this thread runs late, nothing is certain.
///
/// Belongs to the thread of the pool.
final class PostgresChannel {
    /// What happens to somebody who listens.
    enum Event: Sendable {
        /// From now on everything is heard; what was before may have been missed.
        case heard
        /// From now on nothing is heard.
        case lost
        case message(String)
        /// This node has changed something, and tells the others. Comes before whoever asked for it is answered.
        case changed
    }

    typealias Handler = @Sendable (Event) -> Void

    /// How long after one beat the next is sent, if the first has come back.
    static let interval: Int64 = 1_000_000_000
    /// How long a beat may take; together with ``interval``, and some room for the way, the three seconds that the
    /// documentation promises.
    static let patience: Int64 = 1_800_000_000
    /// How often the socket is looked at when nothing comes.
    static let lookInterval: Int64 = 200_000_000
    /// How long a look at the socket is believed, counted from its beginning.
    static let attention: Int64 = 1_000_000_000

    private enum State {
        case waiting(until: Int64)
        case connecting
        /// Whether it hears is known once the first beat has come back.
        case open(PostgresConnection, beat: Beat, isHeard: Bool)
    }

    private enum Beat {
        case due(at: Int64)
        /// - Parameter sent: When it was sent, on the clock of ``Hearing``.
        case underWay(until: Int64, sent: Int64)
    }

    private let name: String
    private let hearing: Hearing
    private let counters: PostgresCounters
    private var handlers: [Handler] = []
    private var state = State.waiting(until: 0)
    /// Until when the beats say that everything is heard, on the clock of ``Hearing``.
    private var heardUntil: Int64 = 0
    /// When the socket is looked at next, while something is heard.
    private var nextLook: Int64 = .max
    private var backOff = PostgresBackOff()
    /// Whether a connection was lost and not replaced.
    private var wasLost = false

    /// - Parameters:
    ///   - hearing: Told of each beat that has come back.
    ///   - counters: Told how long it took.
    init(_ name: String, _ hearing: Hearing, _ counters: PostgresCounters) {
        self.name = name
        self.hearing = hearing
        self.counters = counters
    }

    /// The socket to wait for; `nil` when there is none.
    var connection: PostgresConnection? {
        if case .open(let connection, _, _) = state { connection } else { nil }
    }

    /// When something has to be done, if nothing happens before.
    var nextStep: Int64 {
        if handlers.isEmpty { return .max }
        switch state {
        case .waiting(let instant): return instant
        case .open(_, .due(let instant), _), .open(_, .underWay(let instant, _), _):
            return min(instant, nextLook)
        case .connecting: return .max
        }
    }

    func add(_ handler: @escaping Handler) {
        handlers.append(handler)
        if case .open(_, _, true) = state { handler(.heard) }
    }

    /// Tells those who listen here that this node has changed something that it tells the others.
    func noteOwnChange() { tell(.changed) }

    /// From now on nobody listens.
    func close() { handlers = [] }

    /// Prepares a connection for listening; called on the thread that has made it.
    static func prepare(_ connection: PostgresConnection, _ name: String) throws(StoreError) {
        // What beats need not be durable, and so costs the server no disk.
        try connection.runScript(
            """
            SET synchronous_commit = off;
            LISTEN "\(name)"; LISTEN "\(ownName(name, connection))"
            """, timeout: .seconds(3))
        try connection.stopBlocking()
    }

    /// What time it is there, in microseconds since 1970; asked on the way.
    private static let serverClock = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"

    private static func ownName(_ name: String, _ connection: PostgresConnection) -> String {
        "\(name)_\(connection.backend)"
    }

    /// Does what is due.
    ///
    /// - Returns: Whether a connection is wanted.
    func step(_ now: Int64) -> Bool {
        guard !handlers.isEmpty, nextStep <= now else { return false }
        // Before a beat is given up: it may have come long ago.
        if case .open = state, nextLook <= now { serve(now) }
        switch state {
        case .waiting(let instant) where instant <= now:
            state = .connecting
            return true
        case .open(let connection, .due(let instant), let isHeard) where instant <= now:
            // Before it is sent: only what was committed until then has certainly been heard when it comes back.
            let sent = Hearing.now
            do throws(StoreError) {
                try connection.send(
                    script: "NOTIFY \"\(Self.ownName(name, connection))\"; \(Self.serverClock)")
                let beat = Beat.underWay(until: now + Self.patience, sent: sent)
                state = .open(connection, beat: beat, isHeard: isHeard)
            } catch {
                lose(now)
            }
        case .open(_, .underWay(let instant, _), _) where instant <= now: lose(now)
        case .waiting, .connecting, .open: break
        }
        return false
    }

    func take(_ made: Result<PostgresConnection, StoreError>, _ now: Int64) {
        switch made {
        case .success(let connection):
            state = .open(connection, beat: .due(at: now), isHeard: false)
            if wasLost { counters.countChannelReconnection() }
            wasLost = false
        case .failure: lose(now)
        }
    }

    /// Takes in what has come.
    func serve(_ now: Int64) {
        guard case .open(let connection, let beat, var isHeard) = state else { return }
        let looking = Hearing.now
        var isLost = false
        do throws(StoreError) {
            try connection.receiveNotifications { answer in
                if case .underWay(_, let sent) = beat { noteClock(answer, sent) }
            }
        } catch {
            isLost = true
        }
        // What came before the end counts.
        for notification in connection.takeNotifications() {
            if notification.channel == name {
                if isHeard { tell(.message(notification.payload)) }
            } else if case .underWay(let end, let sent) = beat {
                let next = max(now, end - Self.patience + Self.interval)
                state = .open(connection, beat: .due(at: next), isHeard: true)
                heardUntil = sent + Self.interval + Self.patience
                counters.note(lag: Hearing.now - sent)
                if !isHeard {
                    isHeard = true
                    backOff.reset()
                    tell(.heard)
                }
            }
        }
        if isLost { return lose(now) }
        // Not before everybody was told what has come.
        guard isHeard else { return }
        hearing.extend(to: min(heardUntil, looking + Self.attention))
        nextLook = now + Self.lookInterval
    }

    /// Compares the clock of the server with this machine's, as if the answer had been given half-way.
    ///
    /// - Parameter sent: When it was asked, on the clock of ``Hearing``.
    private func noteClock(_ answer: PostgresResult, _ sent: Int64) {
        let time = Hearing.now - sent
        // What lay about for longer, as in a process that was stopped, says nothing.
        guard time < Self.patience, let there = answer.wholeNumber else { return }
        counters.note(clockLead: there.subtractingClamped(Self.machineClock - time / 2 / 1_000))
    }

    /// In microseconds since 1970.
    private static var machineClock: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }

    private func lose(_ now: Int64) {
        let wasHeard = if case .open(_, _, true) = state { true } else { false }
        if case .open = state { wasLost = true }
        state = .waiting(until: now + backOff.next())
        nextLook = .max
        if wasHeard { tell(.lost) }
    }

    private func tell(_ event: Event) {
        for handler in handlers { handler(event) }
    }
}
