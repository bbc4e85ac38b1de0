import Glibc
import TesseraCLinux

/// A blocking socket that sends exactly the given bytes.
///
/// It waits on a separate thread, because the shared pool may have only two threads, and handlers need them.
///
/// `@unchecked Sendable`: the only state is a socket.
final class RawClient: @unchecked Sendable {
    private let socket: Int32

    /// - Parameter address: The address of a server on this machine.
    init(port: Int, ipv6: Bool = false) {
        if ipv6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = in_port_t(port).bigEndian
            inet_pton(AF_INET6, "::1", &address.sin6_addr)
            socket = Self.connect(AF_INET6, &address)
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(port).bigEndian
            inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
            socket = Self.connect(AF_INET, &address)
        }
    }

    init(path: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        socket = Self.connect(AF_UNIX, &address)
    }

    deinit { close(socket) }

    private static func connect<Address>(_ family: Int32, _ address: inout Address) -> Int32 {
        let socket = Glibc.socket(family, Int32(1), 0)
        // A server that does not answer fails the test instead of blocking it.
        var limit = timeval(tv_sec: 120, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        if family != AF_UNIX { _ = tessera_no_delay(socket) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
        precondition(result == 0, "cannot connect")
        return socket
    }

    func send(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes {
                tessera_send(socket, $0.baseAddress! + start, bytes.count - start)
            }
            if count <= 0 { return }
            start += count
        }
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    func endSending() { shutdown(socket, Int32(SHUT_WR)) }

    /// Reads until the server closes the connection; `nil` after the time-out.
    func readToEnd() async -> String? { await offPool { self.waitToEnd() } }

    private func waitToEnd() -> String? {
        var all: [UInt8] = []
        while true {
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let count = recv(socket, &buffer, buffer.count, 0)
            if count == 0 { return String(decoding: all, as: UTF8.self) }
            if count < 0 { return errno == ECONNRESET ? String(decoding: all, as: UTF8.self) + "RESET" : nil }
            all.append(contentsOf: buffer[..<count])
        }
    }

    /// Reads until the received text ends with this; `nil` if the connection ends or the time-out passes first.
    func read(until end: String) async -> String? { await offPool { self.wait(until: end) } }

    private func wait(until end: String) -> String? {
        var all: [UInt8] = []
        let wanted = Array(end.utf8)
        while true {
            if all.suffix(wanted.count) == wanted[...] { return String(decoding: all, as: UTF8.self) }
            var byte: UInt8 = 0
            guard recv(socket, &byte, 1, 0) == 1 else { return nil }
            all.append(byte)
        }
    }
}

/// Runs a blocking body on a separate thread.
func offPool<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
    return await withCheckedContinuation { continuation in
        let box = ThreadBody { continuation.resume(returning: body()) }
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, Unmanaged.passRetained(box).toOpaque())
        pthread_detach(thread)
    }
}

/// The body of a thread, as an object that C can pass on.
private final class ThreadBody {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}
