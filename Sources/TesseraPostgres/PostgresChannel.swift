import Glibc
import TesseraDatabase
import TesseraTime

/// The connection over which a node receives notifications of changes by other nodes, and the proof that it receives them.
///
/// Once a second, the node sends a notification (a beat) to itself over a private channel. The server delivers notifications
/// in the order of their commits. So when the beat returns, the node has received all notifications that were committed
/// before it. When the beat does not return in time, the channel counts as lost, even if the connection seems alive.
///
/// A notification takes effect only when the node has read it. So the thread reads the socket several times a second. When
/// the last read is more than a second old, because the process was stopped or the thread runs late, nothing is certain.
///
/// Only the thread of the pool uses it.
package final class PostgresChannel {
    /// An event for a listener.
    package enum Event: Sendable {
        /// The node receives all notifications from now on; earlier ones may be missing.
        case heard
        /// The node receives no notifications from now on.
        case lost
        /// A notification, with its payload.
        case message(String)
        /// This node has made a change of which it notifies the others. The event precedes the answer to the caller.
        case changed
    }

    /// A listener.
    package typealias Handler = @Sendable (Event) -> Void

    /// The time between two beats, in nanoseconds, if the first one has returned.
    static let interval: Int64 = 1_000_000_000
    /// The time in which a beat must return, in nanoseconds. With ``interval`` and some time for the way, these are the three
    /// seconds that the documentation promises.
    static let patience: Int64 = 1_800_000_000
    /// The time between two reads of a quiet socket, in nanoseconds.
    static let lookInterval: Int64 = 200_000_000
    /// The time for which a read of the socket is valid, in nanoseconds from its beginning.
    static let attention: Int64 = 1_000_000_000

    private enum State {
        case waiting(until: Int64)
        case connecting
        /// A connection; `isHeard` is `true` once the first beat has returned.
        case open(PostgresConnection, beat: Beat, isHeard: Bool)
    }

    private enum Beat {
        case due(at: Int64)
        /// - Parameter sent: The instant of sending, on the clock of ``Hearing``.
        case underWay(until: Int64, sent: Int64)
    }

    private let name: String
    private let hearing: Hearing
    private let counters: PostgresCounters
    private var handlers: [Handler] = []
    private var state = State.waiting(until: 0)
    /// The instant until which the beats prove that all notifications arrive, on the clock of ``Hearing``.
    private var heardUntil: Int64 = 0
    /// The instant of the next read of the socket, while the channel is heard.
    private var nextLook: Int64 = .max
    private var backOff = PostgresBackOff()
    /// Indicates that a connection was lost and not replaced.
    private var wasLost = false

    /// - Parameters:
    ///   - hearing: Moved on by each beat that returns.
    ///   - counters: Receives the delay of each beat.
    init(_ name: String, _ hearing: Hearing, _ counters: PostgresCounters) {
        self.name = name
        self.hearing = hearing
        self.counters = counters
    }

    /// The open connection, for whose socket the pool waits; `nil` when there is none.
    var connection: PostgresConnection? {
        if case .open(let connection, _, _) = state { connection } else { nil }
    }

    /// The instant at which ``step(_:)`` has work to do, if no event comes earlier.
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

    /// Informs the listeners of a change by this node, of which it notifies the others.
    func noteOwnChange() { tell(.changed) }

    /// Removes all listeners.
    func close() { handlers = [] }

    /// Prepares a connection for notifications; called on the thread that has made it.
    static func prepare(_ connection: PostgresConnection, _ name: String) throws(StoreError) {
        // Beats need not be durable, so they cost the server no disk write.
        try connection.runScript(
            """
            SET synchronous_commit = off;
            LISTEN "\(name)"; LISTEN "\(ownName(name, connection))"
            """, timeout: .seconds(3))
        try connection.stopBlocking()
    }

    /// SQL for the clock of the server in microseconds since 1970; sent with each beat.
    private static let serverClock = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"

    private static func ownName(_ name: String, _ connection: PostgresConnection) -> String {
        "\(name)_\(connection.backend)"
    }

    /// Does what is due.
    ///
    /// - Returns: Whether a connection is wanted.
    func step(_ now: Int64) -> Bool {
        guard !handlers.isEmpty, nextStep <= now else { return false }
        // Before a beat counts as lost: it may have arrived long ago.
        if case .open = state, nextLook <= now { serve(now) }
        switch state {
        case .waiting(let instant) where instant <= now:
            state = .connecting
            return true
        case .open(let connection, .due(let instant), let isHeard) where instant <= now:
            // Read before sending: the return of the beat proves only notifications that were committed until then.
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

    /// Reads the notifications that have arrived.
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
        // Notifications from before the end of the connection count.
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
        // Only after the listeners have received all notifications.
        guard isHeard else { return }
        hearing.extend(to: min(heardUntil, looking + Self.attention))
        nextLook = now + Self.lookInterval
    }

    /// Compares the clock of the server with this machine's, as if the server had answered after half of the round trip.
    ///
    /// - Parameter sent: The instant of the question, on the clock of ``Hearing``.
    private func noteClock(_ answer: PostgresResult, _ sent: Int64) {
        let time = Hearing.now - sent
        // A later answer, as in a process that was stopped, proves nothing.
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
