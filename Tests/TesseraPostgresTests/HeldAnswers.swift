import Glibc
import Synchronization
import TesseraPostgres
import TesseraTestKit

/// A proxy between a program and PostgreSQL. Requests always reach the server. A test can hold the answers, pass them on
/// message by message, and append a message that the server has not sent.
// Safe: the mutex protects all mutable state.
final class HeldAnswers: Sendable {
    /// The end of the answers, in place of those that were not passed on.
    enum Ending {
        /// The connection ends without a message.
        case silence
        /// The connection ends with an error message.
        case announced(state: String)
        /// A statement fails, and the connection stays open, as with poolers and distributed databases.
        case failure(state: String)
    }

    struct Failed: Error {}

    private struct Way {
        let program: Int32
        let server: Int32
        /// The answers of the server that the program has not received, as whole messages.
        var held: [[UInt8]] = []
        var isOpen = true
    }

    private struct State {
        var ways: [Way] = []
        var isHolding = false
        var isClosed = false
    }

    private let state = Mutex(State())
    private let directory: TemporaryDirectory
    private let listener: Int32
    private let server: String
    private let port: Int

    init(of server: PostgresServer) throws {
        directory = try TemporaryDirectory()
        self.server = server.socketName
        port = server.port
        listener = try Self.withSocket(directory.path(".s.PGSQL.\(server.port)")) { bind($0, $1, $2) }
        guard listen(listener, 16) == 0 else { throw Failed() }
        PostgresPrograms.onThread { [self] in
            while true {
                let program = accept(listener, nil, nil)
                if program < 0, errno == EINTR { continue }
                guard program >= 0, begin(program) else { break }
            }
        }
    }

    /// Closes the proxy and its connections.
    func close() {
        shutdown(listener, Int32(SHUT_RDWR))
        state.withLock { state in
            state.isClosed = true
            for index in state.ways.indices { Self.end(&state.ways[index]) }
        }
    }

    func url(of url: PostgresURL, _ server: PostgresServer) throws -> PostgresURL {
        try server.url(of: url.database, by: directory.path(""))
    }

    // MARK: Control by a test

    /// Holds all answers from now on.
    func hold() { state.withLock { $0.isHolding = true } }

    /// The number of transactions that the server has finished without the program's knowledge.
    var heldTransactions: Int {
        state.withLock { state in
            state.ways.filter(\.isOpen).flatMap(\.held).count { $0[0] == UInt8(ascii: "Z") }
        }
    }

    /// The number of held messages.
    var heldMessages: Int { state.withLock { $0.ways.filter(\.isOpen).map(\.held.count).reduce(0, +) } }

    /// Passes on all held messages, and holds later ones again.
    func passOn() {
        state.withLock { state in
            for index in state.ways.indices { Self.passOn(&state.ways[index], .max) }
        }
    }

    /// Passes on this number of held messages, then `ending`. The rest is lost, and later messages pass.
    func passOn(_ count: Int, then ending: Ending) {
        state.withLock { state in
            state.isHolding = false
            for index in state.ways.indices where state.ways[index].isOpen && !state.ways[index].held.isEmpty
            {
                Self.passOn(&state.ways[index], count)
                state.ways[index].held = []
                switch ending {
                case .silence: Self.end(&state.ways[index])
                case .announced(let code):
                    Self.write(Self.error("FATAL", code), to: state.ways[index].program)
                    Self.end(&state.ways[index])
                case .failure(let code):
                    Self.write(Self.error("ERROR", code), to: state.ways[index].program)
                    Self.write(
                        [UInt8(ascii: "Z"), 0, 0, 0, 5, UInt8(ascii: "I")], to: state.ways[index].program)
                }
            }
        }
    }

    /// Stops holding messages.
    func letGo() {
        state.withLock { state in
            state.isHolding = false
            for index in state.ways.indices { Self.passOn(&state.ways[index], .max) }
        }
    }

    // MARK: Forwarding

    private static func passOn(_ way: inout Way, _ count: Int) {
        guard way.isOpen else { return }
        for message in way.held.prefix(count) { write(message, to: way.program) }
        way.held.removeFirst(min(count, way.held.count))
    }

    private static func end(_ way: inout Way) {
        guard way.isOpen else { return }
        way.isOpen = false
        // The threads that read from them close them.
        shutdown(way.program, Int32(SHUT_RDWR))
        shutdown(way.server, Int32(SHUT_RDWR))
    }

    private static func error(_ severity: String, _ state: String) -> [UInt8] {
        let fields = "S\(severity)\0V\(severity)\0C\(state)\0Mit ends here\0\0"
        let length = UInt32(fields.utf8.count + 4)
        return [UInt8(ascii: "E")] + withUnsafeBytes(of: length.bigEndian) { Array($0) } + Array(fields.utf8)
    }

    private func begin(_ program: Int32) -> Bool {
        guard let server = try? Self.withSocket(server, { connect($0, $1, $2) }) else {
            Glibc.close(program)
            return true
        }
        let index: Int? = state.withLock { state in
            guard !state.isClosed else { return nil }
            state.ways.append(Way(program: program, server: server))
            return state.ways.count - 1
        }
        guard let index else {
            Glibc.close(program)
            Glibc.close(server)
            return false
        }
        PostgresPrograms.onThread { [self] in
            Self.readAll(program) { Self.write($0, to: server) }
            state.withLock { Self.end(&$0.ways[index]) }
        }
        PostgresPrograms.onThread { [self] in
            var pending: [UInt8] = []
            Self.readAll(server) { bytes in
                pending += bytes
                take(&pending, index)
            }
            state.withLock { Self.end(&$0.ways[index]) }
        }
        return true
    }

    /// Takes the whole messages from the bytes of the server.
    private func take(_ bytes: inout [UInt8], _ index: Int) {
        while bytes.count >= 5 {
            let length = bytes[1..<5].reduce(0) { $0 << 8 | Int($1) } + 1
            guard bytes.count >= length else { break }
            let message = Array(bytes[..<length])
            bytes.removeFirst(length)
            state.withLock { state in
                guard state.ways[index].isOpen else { return }
                if state.isHolding {
                    state.ways[index].held.append(message)
                } else {
                    Self.write(message, to: state.ways[index].program)
                }
            }
        }
    }

    // MARK: System calls

    private static func readAll(_ descriptor: Int32, _ body: ([UInt8]) -> Void) {
        var block = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &block, block.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { break }
            body(Array(block[..<count]))
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return }
            rest.removeFirst(count)
        }
    }

    private static func withSocket(
        _ path: String, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let status = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard descriptor >= 0, status == 0 else { throw Failed() }
        return descriptor
    }
}
