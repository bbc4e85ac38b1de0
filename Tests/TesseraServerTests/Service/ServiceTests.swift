import Glibc
import TesseraCore
import TesseraHTTP
import TesseraOpenAPI
import TesseraServer
import TesseraStores
import Testing

/// One after the other: signals are for the whole process.
@Suite(.serialized) struct ServiceTests {
    private func service(at listen: ListenAddress = .tcp(host: "127.0.0.1", port: 0)) async throws -> Service
    {
        let store = try await SQLiteStore.open(.sqliteInMemory, migrate: true)
        let authority = try await Authority(AuthorityConfiguration(issuer: "http://localhost"), store: store)
        var router = Router()
        authority.addRoutes(to: &router)
        var configuration = ServerConfiguration()
        configuration.listen = listen
        configuration.loops = 1
        return Service(authority: authority, router: router, configuration: configuration)
    }

    /// Runs a service, does something once it is ready, and returns when it has ended.
    private func run(
        _ service: Service,
        whenReady act: @escaping @Sendable (ListenAddress, Task<Void, any Error>) async throws -> Void
    ) async throws {
        let (addresses, ready) = AsyncStream.makeStream(of: ListenAddress.self)
        let running = Task {
            defer { ready.finish() }
            try await service.run { ready.yield($0) }
        }
        for await address in addresses { try await act(address, running) }
        try await running.value
    }

    @Test func boundPortIsTold() async throws {
        try await run(try await service()) { address, running in
            if case .tcp(_, let port) = address { #expect(port != 0) } else { Issue.record("no port") }
            running.cancel()
        }
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func signalEndsIt(number: Int32) async throws {
        try await run(try await service()) { _, _ in kill(getpid(), number) }
    }

    @Test func portInUseIsAnError() async throws {
        try await run(try await service()) { address, running in
            let second = try await service(at: address)
            await #expect(throws: ServerError.addressInUse(address)) { try await second.run() }
            running.cancel()
        }
    }
}
