import Glibc
import TesseraCLinux

/// Listening sockets.
enum Listener {
    /// The mode of a UNIX socket: its owner and its group may connect. The umask that protects the files of a service
    /// must not lock out the proxy that the socket serves.
    private static let unixSocketMode: mode_t = 0o660

    /// Opens one listening socket for each loop, so that the kernel distributes connections among them. A UNIX socket
    /// is shared by all loops.
    static func open(_ address: ListenAddress, count: Int) throws(ServerError) -> (
        sockets: [Int32], port: Int?
    ) {
        switch address {
        case .unix(let path):
            return ([try openUNIX(path, address)], nil)
        case .tcp(let host, let port):
            // With SO_REUSEPORT, two servers could share a port unnoticed. A bind without it fails instead.
            let first = try bind(address, sharing: false)
            guard let bound = boundPort(first) else {
                close(first)
                throw .system("Cannot determine the bound port.")
            }
            if count == 1 {
                try listen(first, address)
                return ([first], bound)
            }
            close(first)
            var sockets: [Int32] = []
            do {
                for _ in 0..<count {
                    let socket = try bind(.tcp(host: host, port: port == 0 ? bound : port), sharing: true)
                    sockets.append(socket)
                    try listen(socket, address)
                }
            } catch {
                for socket in sockets { close(socket) }
                throw error
            }
            return (sockets, bound)
        }
    }

    private static func bind(_ address: ListenAddress, sharing: Bool) throws(ServerError) -> Int32 {
        let family =
            switch address {
            case .tcp(let host, _): SocketAddress.isIPv6(host) ? AF_INET6 : AF_INET
            case .unix: AF_UNIX
            }
        let socket = tessera_stream_socket(family)
        guard socket >= 0 else { throw failure(address) }
        var one: Int32 = 1
        if family != AF_UNIX {
            setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
            if sharing {
                setsockopt(socket, SOL_SOCKET, SO_REUSEPORT, &one, socklen_t(MemoryLayout<Int32>.size))
            }
        }
        let result = SocketAddress.with(address) { Glibc.bind(socket, $0, $1) }
        guard result == 0 else {
            let error = result == nil ? ServerError.badAddress(address) : failure(address)
            close(socket)
            throw error
        }
        return socket
    }

    private static func listen(_ socket: Int32, _ address: ListenAddress) throws(ServerError) {
        guard Glibc.listen(socket, 4096) == 0 else {
            let error = failure(address)
            close(socket)
            throw error
        }
    }

    private static func openUNIX(_ path: String, _ address: ListenAddress) throws(ServerError) -> Int32 {
        let socket: Int32
        do {
            socket = try bind(address, sharing: false)
        } catch {
            // A socket file without a listener is left over from a crash and is replaced. Any other file stays.
            guard case .addressInUse = error, isSocket(path), isAbandoned(address) else { throw error }
            removeSocket(path)
            socket = try bind(address, sharing: false)
        }
        do throws(ServerError) {
            // Set before the socket listens, so that no client connects under a wider mode.
            guard chmod(path, unixSocketMode) == 0 else {
                let error = failure(address)
                close(socket)
                throw error
            }
            try listen(socket, address)
        } catch {
            removeSocket(path)
            throw error
        }
        return socket
    }

    /// Removes the file of a UNIX socket, and no other kind of file.
    static func removeSocket(_ path: String) {
        if isSocket(path) { unlink(path) }
    }

    /// Reports whether the path itself is a socket; a symbolic link to one is not.
    private static func isSocket(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
    }

    private static func isAbandoned(_ address: ListenAddress) -> Bool {
        let probe = tessera_stream_socket(AF_UNIX)
        guard probe >= 0 else { return false }
        defer { close(probe) }
        let result = SocketAddress.with(address) { connect(probe, $0, $1) }
        return result == -1 && errno == ECONNREFUSED
    }

    private static func boundPort(_ socket: Int32) -> Int? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
        }
        guard result == 0 else { return nil }
        switch SocketAddress.peer(storage) {
        case .ipv4(_, let port), .ipv6(_, _, let port): return Int(port)
        case .local: return nil
        }
    }

    private static func failure(_ address: ListenAddress) -> ServerError {
        switch errno {
        case EADDRINUSE: .addressInUse(address)
        case EACCES, EPERM: .permissionDenied(address)
        case EADDRNOTAVAIL, EAFNOSUPPORT, ENOENT, ENOTDIR: .badAddress(address)
        default: .system("Listening on \(address) failed: \(String(cString: strerror(errno))).")
        }
    }
}
