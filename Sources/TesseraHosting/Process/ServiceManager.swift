import Glibc
import TesseraCore
import TesseraTime

/// The service manager that started the process, which is told when the process is ready and when it ends: the protocol
/// of sd_notify(3), without its library.
///
/// Nothing that goes wrong here stops the service: a manager that cannot be reached is told nothing.
public struct ServiceManager: Sendable {
    /// What stands in `sun_path`: a path, or behind a zero byte a name of the abstract namespace.
    private let name: [UInt8]

    /// - Parameter socket: What `NOTIFY_SOCKET` says: the path of a datagram socket, or `@NAME` for an abstract one.
    ///   `nil` comes of anything else, such as a path that is too long for a socket.
    public init?(socket: String) {
        var name = Array(socket.utf8)
        guard name.count > 1, name.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path) else {
            return nil
        }
        switch name[0] {
        case UInt8(ascii: "/"): break
        case UInt8(ascii: "@"): name[0] = 0
        default: return nil
        }
        self.name = name
    }

    /// The manager that the environment names; `nil` for a process that was started by somebody else.
    public static var ofProcess: ServiceManager? {
        getenv("NOTIFY_SOCKET").flatMap { ServiceManager(socket: String(cString: $0)) }
    }

    /// Connections are accepted.
    package func isReady() { tell("READY=1") }

    /// The process is about to end, and needs this long for it at most: longer than the manager would wait otherwise, if
    /// its settings say less.
    package func isStopping(within time: Duration) {
        let microseconds = time.wholeMicroseconds
        tell(
            "STOPPING=1\nSTATUS=stopping within \(DurationText.words(time))\nEXTEND_TIMEOUT_USEC=\(microseconds)"
        )
    }

    private func tell(_ state: String) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // Somebody who never reads would keep the service waiting once the queue of the socket is full.
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        // An abstract name is as long as the address says; zero bytes behind it would belong to it.
        let length = MemoryLayout<sockaddr_un>.offset(of: \.sun_path)! + name.count
        let message = Array(state.utf8)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(descriptor, message, message.count, Int32(MSG_NOSIGNAL), $0, socklen_t(length))
            }
        }
    }
}
