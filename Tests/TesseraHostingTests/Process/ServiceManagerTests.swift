import Glibc
import TesseraCore
import TesseraCrypto
import Testing

@testable import TesseraHosting

@Suite struct ServiceManagerTests {
    @Test(arguments: ["/tmp/tessera-notify-%", "@tessera-notify-%"])
    func readinessAndEndAreTold(_ pattern: String) throws {
        let name = pattern.replacing("%", with: "\(getpid())")
        let inbox = try Inbox(name)
        let manager = try #require(ServiceManager(socket: name))
        manager.isReady()
        #expect(inbox.next() == "READY=1")
        manager.isStopping(within: .seconds(45))
        #expect(inbox.next() == "STOPPING=1\nSTATUS=stopping within 45 seconds\nEXTEND_TIMEOUT_USEC=45000000")
    }

    @Test(arguments: ["", "/", "@", "notify", "vsock:2:1", "/" + String(repeating: "a", count: 107)])
    func anythingElseIsNoManager(_ socket: String) {
        #expect(ServiceManager(socket: socket) == nil)
    }

    @Test(arguments: [
        "/nowhere/notify", "/dev/null", "@tessera-nobody-listens", "/" + String(repeating: "a", count: 106),
    ])
    func managerThatCannotBeReachedStopsNothing(_ socket: String) throws {
        try #require(ServiceManager(socket: socket)).isReady()
    }

    @Test func managerThatNeverReadsDelaysForASecondAtMost() throws {
        let name = "@tessera-deaf-\(getpid())"
        let inbox = try Inbox(name)
        inbox.fill()
        let began = ContinuousClock.now
        try #require(ServiceManager(socket: name)).isReady()
        #expect(ContinuousClock.now - began < .seconds(5))
    }
}

/// A datagram socket such as a service manager reads.
private final class Inbox {
    private let descriptor: Int32
    private let path: String
    private var address = sockaddr_un()
    private let length: socklen_t

    init(_ name: String) throws {
        var bytes = Array(name.utf8)
        if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
        path = name
        unlink(name)
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        length = socklen_t(MemoryLayout<sockaddr_un>.offset(of: \.sun_path)! + bytes.count)
        let outcome = withAddress { bind(descriptor, $0, length) }
        try #require(outcome == 0)
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    func next() -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
    }

    /// Sends itself messages until no more fit.
    func fill() {
        let sender = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(sender) }
        while withAddress({ sendto(sender, "x", 1, Int32(MSG_DONTWAIT), $0, length) }) == 1 {}
    }

    private func withAddress<Result>(_ body: (UnsafePointer<sockaddr>) -> Result) -> Result {
        withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0) }
        }
    }
}
