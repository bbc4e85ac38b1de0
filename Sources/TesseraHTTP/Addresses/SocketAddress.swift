import Glibc
import TesseraCLinux

/// Conversions between address texts, kernel structures and ``PeerAddress``.
enum SocketAddress {
    static func isIPv4(_ text: String) -> Bool {
        var address = in_addr()
        return inet_pton(AF_INET, text, &address) == 1
    }

    static func isIPv6(_ text: String) -> Bool {
        var address = in6_addr()
        return inet_pton(AF_INET6, text, &address) == 1
    }

    /// Reports whether the text is an address of this family.
    static func isAddress(_ text: String, isIPv6: Bool) -> Bool { isIPv6 ? self.isIPv6(text) : isIPv4(text) }

    /// Parses an IPv4 or IPv6 address without brackets; `nil` for any other text.
    static func parse(_ text: String, port: UInt16) -> PeerAddress? {
        // C would end the text at a NUL.
        guard !text.utf8.contains(0) else { return nil }
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return .ipv4(UInt32(bigEndian: four.s_addr), port: port) }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        return withUnsafeBytes(of: six) { ipv6($0, port: port) }
    }

    /// An address from 16 bytes in network byte order.
    private static func ipv6(_ bytes: UnsafeRawBufferPointer, port: UInt16) -> PeerAddress {
        .ipv6(
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)), port: port)
    }

    /// Calls `body` with the kernel's form of an address; `nil` if the address is invalid.
    static func with<Result>(
        _ address: ListenAddress, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result? {
        switch address {
        case .tcp(let host, let port):
            let host = host == "localhost" ? "127.0.0.1" : host
            var four = sockaddr_in()
            if inet_pton(AF_INET, host, &four.sin_addr) == 1 {
                four.sin_family = sa_family_t(AF_INET)
                four.sin_port = in_port_t(port).bigEndian
                return rebound(&four, body)
            }
            var six = sockaddr_in6()
            guard inet_pton(AF_INET6, host, &six.sin6_addr) == 1 else { return nil }
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_port = in_port_t(port).bigEndian
            return rebound(&six, body)
        case .unix(let path):
            var local = sockaddr_un()
            local.sun_family = sa_family_t(AF_UNIX)
            let bytes = Array(path.utf8)
            guard bytes.count < MemoryLayout.size(ofValue: local.sun_path) else { return nil }
            withUnsafeMutableBytes(of: &local.sun_path) { $0.copyBytes(from: bytes) }
            return rebound(&local, body)
        }
    }

    private static func rebound<Address, Result>(
        _ address: inout Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }

    /// The other end of an accepted connection.
    static func peer(_ storage: sockaddr_storage) -> PeerAddress {
        withUnsafeBytes(of: storage) { bytes in
            switch Int32(storage.ss_family) {
            case AF_INET:
                let four = bytes.loadUnaligned(as: sockaddr_in.self)
                return .ipv4(UInt32(bigEndian: four.sin_addr.s_addr), port: UInt16(bigEndian: four.sin_port))
            case AF_INET6:
                let six = bytes.loadUnaligned(as: sockaddr_in6.self)
                return withUnsafeBytes(of: six.sin6_addr) { ipv6($0, port: UInt16(bigEndian: six.sin6_port)) }
            default: return .local
            }
        }
    }
}

extension PeerAddress {
    /// Parses an IP address without brackets and without a port; `nil` for any other text. An IPv4-mapped IPv6 address
    /// (RFC 4291 §2.5.5.2) becomes IPv4.
    init?(address text: String, port: UInt16 = 0) {
        guard let parsed = SocketAddress.parse(text, port: port) else { return nil }
        self = parsed.unmapped
    }

    /// The same address, as IPv4 if it is IPv4-mapped.
    var unmapped: PeerAddress {
        guard case .ipv6(0, let low, let port) = self, low >> 32 == 0xFFFF else { return self }
        return .ipv4(UInt32(truncatingIfNeeded: low), port: port)
    }

    /// The address by which connections are counted: without a port, and a /64 for IPv6.
    var countingKey: PeerAddress? {
        switch self {
        case .ipv4(let address, _): .ipv4(address, port: 0)
        case .ipv6(let high, let low, _):
            // `::ffff:a.b.c.d` is an IPv4 client of an IPv6 socket.
            high == 0 && low >> 32 == 0xFFFF
                ? .ipv4(UInt32(truncatingIfNeeded: low), port: 0) : .ipv6(high, 0, port: 0)
        case .local: nil
        }
    }
}
