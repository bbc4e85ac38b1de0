import Glibc
import Synchronization
import Testing

@testable import TesseraHTTP

@Suite struct HTTPServerTests {
    private static let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let lastRequest = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

    /// The time-out of a client. When hundreds of tests begin at once, a test may be delayed by half a minute.
    private static let patience = Duration.seconds(120)
    private static var patientLimits: HTTPLimits {
        var limits = HTTPLimits()
        limits.headerTime = patience
        limits.bodyTime = patience
        limits.idleTime = patience
        limits.writeStallTime = patience
        return limits
    }

    /// Runs a server around `body` and stops it.
    private func withServer(
        _ listen: ListenAddress = .tcp(host: "127.0.0.1", port: 0), limits: HTTPLimits = Self.patientLimits,
        tls: TLSConfiguration? = nil, loops: Int = 1, handler: @escaping Handler,
        _ body: (HTTPServer) async throws -> Void
    ) async throws {
        var configuration = ServerConfiguration()
        configuration.listen = listen
        configuration.limits = limits
        configuration.loops = loops
        configuration.tls = tls
        let server = try HTTPServer(
            configuration,
            refuse: { error, _ in Response(error.status, "text/plain", Array(error.detail.utf8)) },
            handler: handler)
        server.start()
        do {
            try await body(server)
        } catch {
            await server.stop(within: .zero)
            throw error
        }
        await server.stop(within: Self.patience)
        #expect(server.counters.open == 0)
    }

    private static let echo: Handler = { request in
        let body = try await request.body.collect(upTo: 1 << 20)
        return Response(.ok, "text/plain", Array("\(request.method) \(request.path) ".utf8) + body)
    }

    @Test func everyRowOfTheFramingTableIsRefusedOverASocket() async throws {
        try await withServer(handler: Self.echo) { server in
            for example in FramingCase.headers + FramingCase.bodies {
                let client = RawClient(port: server.port!)
                client.send(example.bytes + FramingCase.smuggled)
                let answer = try #require(await client.readToEnd(), "\(example.name)")
                #expect(answer.hasPrefix("HTTP/1.1 \(example.status) "), "\(example.name): \(answer)")
                #expect(answer.components("\r\nDate: ").count == 2, "\(example.name)")
                #expect(!answer.contains("smuggled"), "\(example.name)")
            }
            #expect(server.counters.requests == UInt64(FramingCase.bodies.count))
        }
    }

    @Test func everyRowOfTheFramingTableIsRefusedSplitAtEveryByteOverASocket() async throws {
        try await withServer(handler: Self.echo) { server in
            for example in FramingCase.headers + FramingCase.bodies where example.bytes.count < 300 {
                let all = example.bytes + FramingCase.smuggled
                let clients = (0..<all.count).map { _ in RawClient(port: server.port!) }
                for (split, client) in clients.enumerated() { client.send(all[..<split]) }
                for (split, client) in clients.enumerated() { client.send(all[split...]) }
                for (split, client) in clients.enumerated() {
                    let answer = try #require(await client.readToEnd(), "\(example.name) at \(split)")
                    #expect(answer.hasPrefix("HTTP/1.1 \(example.status) "), "\(example.name) at \(split)")
                    #expect(!answer.contains("smuggled"), "\(example.name) at \(split)")
                }
            }
        }
    }

    @Test func aRefusalKnowsAddressPathAndOrigin() async throws {
        var configuration = ServerConfiguration()
        configuration.listen = .tcp(host: "127.0.0.1", port: 0)
        configuration.limits = Self.patientLimits
        configuration.loops = 1
        let server = try HTTPServer(
            configuration,
            refuse: { error, refused in
                let text = "\(refused.peer.host) \(refused.path ?? "-") \(refused.origin ?? "-")"
                return Response(error.status, "text/plain", Array(text.utf8))
            }, handler: { _ in throw HTTPError(.forbidden, "") })
        server.start()
        for (request, answer) in [
            ("GET /a HTTP/1.1\r\nOrigin: https://b\r\n\r\n", "127.0.0.1 /a https://b"),
            (
                "GET /a HTTP/1.1\r\nHost: a\r\nOrigin: https://b\r\nConnection: close\r\n\r\n",
                "127.0.0.1 /a https://b"
            ),
            ("nonsense\r\n\r\n", "127.0.0.1 - -"),
        ] {
            let client = RawClient(port: server.port!)
            client.send(request)
            #expect(await client.readToEnd()?.hasSuffix("\r\n\r\n" + answer) == true)
        }
        await server.stop(within: Self.patience)
    }

    @Test func aConnectionIsUsedAgain() async throws {
        try await withServer(handler: Self.echo) { server in
            let client = RawClient(port: server.port!)
            for _ in 0..<3 {
                client.send(Self.request)
                #expect(await client.read(until: "GET / ")?.hasPrefix("HTTP/1.1 200 OK\r\n") == true)
            }
            #expect(server.counters.accepted == 1)
            #expect(server.counters.requests == 3)
        }
    }

    @Test func pipelinedAnswersKeepTheirOrderThoughTheFirstIsSlow() async throws {
        let handler: Handler = { request in
            if request.path == "/slow" { try await Task.sleep(for: .milliseconds(20)) }
            return Response(.ok, "text/plain", Array(request.path.utf8))
        }
        try await withServer(handler: handler) { server in
            let client = RawClient(port: server.port!)
            client.send(
                "GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /fast HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            )
            let parts = try #require(await client.readToEnd()).components("\r\n\r\n")
            #expect(parts[1].hasPrefix("/slow"))
            #expect(parts[2] == "/fast")
        }
    }

    @Test func aHandlerReturnsToItsLoopAfterWaiting() async throws {
        let threads = Mutex<Set<UInt>>([])
        let handler: Handler = { _ in
            threads.withLock { _ = $0.insert(UInt(pthread_self())) }
            try await Task.sleep(for: .milliseconds(1))
            threads.withLock { _ = $0.insert(UInt(pthread_self())) }
            return Response(.ok)
        }
        try await withServer(handler: handler) { server in
            for _ in 0..<5 {
                let client = RawClient(port: server.port!)
                client.send(Self.lastRequest)
                #expect(await client.readToEnd()?.hasPrefix("HTTP/1.1 200 ") == true)
            }
        }
        #expect(threads.withLock { $0.count } == 1)
    }

    @Test func anEarlyRefusalOfALargeBodyIsSeen() async throws {
        try await withServer(handler: { _ in Response(.unauthorized) }) { server in
            let client = RawClient(port: server.port!)
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n")
            client.send([UInt8](repeating: 0x61, count: 10_000_000))
            client.endSending()
            let answer = try #require(await client.readToEnd())
            #expect(answer.hasPrefix("HTTP/1.1 401 "))
            #expect(!answer.hasSuffix("RESET"))
        }
    }

    @Test func aLargeBodyIsCollected() async throws {
        try await withServer(handler: Self.echo) { server in
            let client = RawClient(port: server.port!)
            client.send("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1000000\r\n\r\n")
            client.send([UInt8](repeating: 0x61, count: 1_000_000))
            #expect(await client.readToEnd()?.hasSuffix(String(repeating: "a", count: 1_000_000)) == true)
        }
    }

    @Test func aBodyReadFromAnotherExecutorArrives() async throws {
        let handler: Handler = { request in
            let body = request.body
            return try await Task.detached { Response(.ok, "text/plain", try await body.collect(upTo: 100)) }
                .value
        }
        try await withServer(handler: handler) { server in
            let client = RawClient(port: server.port!)
            client.send("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\n")
            client.send("hello")
            #expect(await client.readToEnd()?.hasSuffix("hello") == true)
        }
    }

    @Test func aStreamWaitsForItsReader() async throws {
        let written = Mutex(0)
        let handler: Handler = { _ in
            Response(
                .ok,
                body: .stream(length: 50_000_000) { writer in
                    for _ in 0..<500 {
                        try await writer.write([UInt8](repeating: 0x61, count: 100_000))
                        written.withLock { $0 += 1 }
                    }
                })
        }
        try await withServer(handler: handler) { server in
            let client = RawClient(port: server.port!)
            client.send(Self.lastRequest)
            let head = try #require(await client.read(until: "\r\n\r\n"))
            #expect(head.contains("Content-Length: 50000000"))
            // The socket buffers and the server's buffer hold far less than the whole body.
            #expect(written.withLock { $0 } < 400)
            #expect(await client.readToEnd()?.utf8.count == 50_000_000)
        }
    }

    @Test func aFailedStreamIsVisiblyIncomplete() async throws {
        struct Broken: Error {}
        let handler: Handler = { _ in
            Response(
                .ok,
                body: .stream(length: nil) { writer in
                    try await writer.write(Array("part".utf8))
                    throw Broken()
                })
        }
        try await withServer(handler: handler) { server in
            let client = RawClient(port: server.port!)
            client.send(Self.request)
            #expect(await client.readToEnd()?.contains("0\r\n\r\n") == false)
        }
    }

    @Test func aClientThatVanishesDoesNotHarmItsHandler() async throws {
        let (entered, entering) = AsyncStream<Void>.makeStream()
        let (released, releasing) = AsyncStream<Void>.makeStream()
        let finished = Mutex(0)
        let handler: Handler = { request in
            guard request.path == "/wait" else { return Response(.ok) }
            entering.yield()
            for await _ in released { break }
            finished.withLock { $0 += 1 }
            return Response(.ok)
        }
        try await withServer(handler: handler) { server in
            do {
                let client = RawClient(port: server.port!)
                client.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
                for await _ in entered { break }
            }
            releasing.yield()
            let client = RawClient(port: server.port!)
            client.send(Self.lastRequest)
            #expect(await client.readToEnd()?.hasPrefix("HTTP/1.1 200 ") == true)
        }
        #expect(finished.withLock { $0 } == 1)
    }

    @Test func stoppingFinishesWhatIsInFlight() async throws {
        let (entered, entering) = AsyncStream<Void>.makeStream()
        let (released, releasing) = AsyncStream<Void>.makeStream()
        let handler: Handler = { _ in
            entering.yield()
            for await _ in released { break }
            return Response(.ok)
        }
        try await withServer(handler: handler) { server in
            let idle = RawClient(port: server.port!)
            let client = RawClient(port: server.port!)
            client.send(Self.request)
            for await _ in entered { break }
            async let stopped: Void = server.stop(within: Self.patience)
            #expect(await idle.readToEnd() == "")
            releasing.yield()
            #expect(await client.readToEnd()?.contains("Connection: close") == true)
            await stopped
        }
    }

    @Test func stoppingAnswersUnreadRequests() async throws {
        let (entered, entering) = AsyncStream<Void>.makeStream()
        let isReleased = Mutex(false)
        // Occupies the event loop.
        let handler: Handler = { request in
            guard request.path == "/long" else { return Response(.ok) }
            entering.yield()
            while !isReleased.withLock({ $0 }) { sched_yield() }
            return Response(.ok)
        }
        try await withServer(handler: handler) { server in
            let known = RawClient(port: server.port!)
            known.send(Self.request)
            _ = await known.read(until: "\r\n\r\n")
            let long = RawClient(port: server.port!)
            long.send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n")
            for await _ in entered { break }
            known.send(Self.request)
            let new = RawClient(port: server.port!)
            new.send(Self.request)
            // The loop has been told when this call returns.
            let stopping = Task.immediate { await server.stop(within: Self.patience) }
            isReleased.withLock { $0 = true }
            for client in [known, long, new] {
                #expect(await client.readToEnd()?.hasPrefix("HTTP/1.1 200 ") == true)
            }
            await stopping.value
        }
    }

    @Test func theGraceOfAStopEnds() async throws {
        let (entered, entering) = AsyncStream<Void>.makeStream()
        let (released, releasing) = AsyncStream<Void>.makeStream()
        let handler: Handler = { _ in
            entering.yield()
            for await _ in released { break }
            return Response(.ok)
        }
        try await withServer(handler: handler) { server in
            let client = RawClient(port: server.port!)
            client.send(Self.request)
            for await _ in entered { break }
            await server.stop(within: .milliseconds(1))
            #expect(await client.readToEnd() == "")
            releasing.yield()
        }
    }

    @Test func tooManyConnectionsAreTurnedAway() async throws {
        var limits = HTTPLimits()
        limits.connectionsPerAddress = 1
        try await withServer(limits: limits, handler: Self.echo) { server in
            let first = RawClient(port: server.port!)
            first.send(Self.request)
            #expect(await first.read(until: "GET / ") != nil)
            let second = RawClient(port: server.port!)
            #expect(await second.readToEnd()?.hasPrefix("HTTP") == false)
            #expect(server.counters.turnedAway == 1)
        }
    }

    @Test func ipv6IsServed() async throws {
        let listen = try #require(ListenAddress(parsing: "[::1]:0"))
        try await withServer(listen, handler: { Response(.ok, "text/plain", Array($0.peer.host.utf8)) }) {
            server in
            let client = RawClient(port: server.port!, ipv6: true)
            client.send(Self.lastRequest)
            #expect(await client.readToEnd()?.hasSuffix("::1") == true)
        }
    }

    @Test func aUNIXSocketIsServedByAllLoopsAndItsFileRemoved() async throws {
        let path = "/tmp/tessera-http-test-\(getpid()).sock"
        let listen = try #require(ListenAddress(parsing: "unix:\(path)"))
        for _ in 0..<2 {
            try await withServer(listen, loops: 2, handler: Self.echo) { server in
                #expect(server.port == nil)
                let client = RawClient(path: path)
                client.send(Self.lastRequest)
                #expect(await client.readToEnd()?.hasSuffix("GET / ") == true)
            }
            #expect(access(path, F_OK) == -1)
        }
    }

    @Test func aUNIXSocketIsForItsOwnerAndGroup() async throws {
        let path = "/tmp/tessera-http-test-\(getpid())-mode.sock"
        try await withServer(.unix(path: path), handler: Self.echo) { _ in
            var status = stat()
            #expect(lstat(path, &status) == 0)
            #expect(status.st_mode & 0o7777 == 0o660)
        }
    }

    @Test func aFileThatIsNoSocketIsNeverRemoved() throws {
        let path = "/tmp/tessera-http-test-\(getpid()).txt"
        let link = path + ".link"
        let file = open(path, O_CREAT | O_WRONLY, 0o600)
        defer {
            unlink(link)
            unlink(path)
        }
        #expect(write(file, "precious", 8) == 8)
        close(file)
        #expect(symlink(path, link) == 0)
        for name in [path, link] {
            var configuration = ServerConfiguration()
            configuration.listen = .unix(path: name)
            #expect(throws: ServerError.addressInUse(configuration.listen)) {
                try HTTPServer(
                    configuration, refuse: { error, _ in Response(error.status) }, handler: Self.echo)
            }
            #expect(access(name, F_OK) == 0)
        }
    }

    @Test func aFileInPlaceOfTheSocketSurvivesTheServer() async throws {
        let path = "/tmp/tessera-http-test-\(getpid())-replaced.sock"
        defer { unlink(path) }
        try await withServer(.unix(path: path), handler: Self.echo) { _ in
            unlink(path)
            close(open(path, O_CREAT | O_WRONLY, 0o600))
        }
        #expect(access(path, F_OK) == 0)
    }

    @Test(arguments: [1, 2])
    func aPortInUseIsAClearError(_ loops: Int) async throws {
        try await withServer(loops: loops, handler: Self.echo) { server in
            var configuration = ServerConfiguration()
            configuration.loops = loops
            configuration.listen = .tcp(host: "127.0.0.1", port: server.port!)
            #expect(throws: ServerError.addressInUse(configuration.listen)) {
                try HTTPServer(
                    configuration, refuse: { error, _ in Response(error.status) }, handler: Self.echo)
            }
        }
    }

    @Test func tlsIsServed() async throws {
        let directory = "/tmp/tessera-tls-test-\(getpid())"
        mkdir(directory, 0o700)
        let key = "\(directory)/key.pem"
        let certificate = "\(directory)/certificate.pem"
        #expect(
            system(
                "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost "
                    + "-addext subjectAltName=DNS:localhost -keyout \(key) -out \(certificate) 2>/dev/null")
                == 0)
        let tls = TLSConfiguration(certificateFile: certificate, keyFile: key)
        let handler: Handler = { request in
            Response(
                .ok, request.isSecure ? "text/secure" : "text/plain",
                try await request.body.collect(upTo: 1 << 20) + [UInt8](repeating: 0x62, count: 300_000))
        }
        try await withServer(tls: tls, handler: handler) { server in
            let result = system(
                "head -c 200000 /dev/zero | tr '\\0' a | curl -s --max-time 10 --cacert \(certificate) -T - -X POST "
                    + "-D \(directory)/head -o \(directory)/body https://localhost:\(server.port!)/")
            #expect(result == 0)
            #expect(system("grep -q 'text/secure' \(directory)/head") == 0)
            #expect(system("test $(wc -c < \(directory)/body) = 500000") == 0)
            let plain = RawClient(port: server.port!)
            plain.send(Self.request)
            #expect(await plain.readToEnd()?.hasPrefix("HTTP") == false)
            #expect(
                system(
                    "openssl s_client -tls1_1 -connect localhost:\(server.port!) </dev/null >/dev/null 2>&1")
                    != 0)
            #expect(
                system(
                    "openssl s_client -alpn h2,http/1.1 -connect localhost:\(server.port!) </dev/null 2>/dev/null "
                        + "| grep -q 'ALPN protocol: http/1.1'") == 0)
        }
        system("rm -r \(directory)")
    }

    @Test func aCertificateThatCannotBeReadIsAClearError() {
        var configuration = ServerConfiguration()
        configuration.listen = .tcp(host: "127.0.0.1", port: 0)
        configuration.tls = TLSConfiguration(certificateFile: "/nonexistent", keyFile: "/nonexistent")
        do {
            _ = try HTTPServer(
                configuration, refuse: { error, _ in Response(error.status) }, handler: Self.echo)
            Issue.record("a server without a certificate")
        } catch {
            guard case .badCertificate(let sentence) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(sentence.contains("/nonexistent"))
        }
    }
}
