import Testing

@testable import TesseraHTTP

/// Servers that trust a proxy, over real sockets.
@Suite struct ForwardedRequestTests {
    private static let request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    private static let line = "PROXY TCP4 203.0.113.7 192.0.2.1 4660 80\r\n"
    private static let binary: [UInt8] =
        [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x21, 0x11, 0, 12]
        + [203, 0, 113, 8, 192, 0, 2, 1, 0x12, 0x34, 0, 80]
    private static let local: [UInt8] = Array(binary[..<12]) + [0x20, 0x00, 0, 0]

    private static func request(_ fields: String) -> String {
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(fields)\r\n\r\n"
    }

    /// Runs a server that reports its client, and if a proxy forwarded the request.
    private func withServer(
        trusting blocks: [String], proxyHeader: Bool = false, limits: HTTPLimits = HTTPLimits(),
        listen: ListenAddress = .tcp(host: "127.0.0.1", port: 0), _ body: (HTTPServer) async throws -> Void
    ) async throws {
        var configuration = ServerConfiguration()
        configuration.listen = listen
        configuration.loops = 1
        configuration.limits = limits
        configuration.trustedProxies = blocks.compactMap(ProxyBlock.init(parsing:))
        configuration.expectsProxyHeader = proxyHeader
        let server = try HTTPServer(
            configuration,
            refuse: { error, refused in
                Response(error.status, "text/plain", Array("refused \(refused.peer.host)".utf8))
            },
            handler: {
                Response(
                    .ok, "text/plain",
                    Array("\($0.peer.host) \($0.isForwarded ? "forwarded" : "direct")".utf8))
            })
        server.start()
        do {
            try await body(server)
        } catch {
            await server.stop(within: .zero)
            throw error
        }
        await server.stop(within: .seconds(30))
    }

    private func answer(_ server: HTTPServer, _ bytes: some Collection<UInt8>) async -> String? {
        let client = RawClient(port: server.port!)
        client.send(bytes)
        return await client.readToEnd()?.components("\r\n\r\n").last
    }

    /// Reports whether the server closes the connection without an answer.
    private func isClosed(_ server: HTTPServer, _ text: String, endsSending: Bool = false) async -> Bool {
        let client = RawClient(port: server.port!)
        client.send(text)
        if endsSending { client.endSending() }
        // Unread data makes the kernel reset the connection.
        return ["", "RESET"].contains(await client.readToEnd())
    }

    private func answer(_ server: HTTPServer, _ text: String) async -> String? {
        await answer(server, Array(text.utf8))
    }

    @Test func fieldsOfATrustedProxyAreUsed() async throws {
        try await withServer(trusting: ["127.0.0.0/8"]) { server in
            #expect(
                await answer(server, Self.request("X-Forwarded-For: 198.51.100.1, 203.0.113.7"))
                    == "203.0.113.7 forwarded")
            #expect(
                await answer(server, Self.request("Forwarded: for=\"[2001:db8::7]:1\""))
                    == "2001:db8::7 forwarded")
            #expect(await answer(server, Self.request) == "127.0.0.1 forwarded")
        }
    }

    @Test func fieldsOfStrangersAreIgnored() async throws {
        for blocks in [[], ["127.0.0.2"], ["unix"], ["::1"]] {
            try await withServer(trusting: blocks) { server in
                let answer = await answer(
                    server, Self.request("X-Forwarded-For: 203.0.113.7\r\nForwarded: for=203.0.113.7"))
                #expect(answer == "127.0.0.1 direct", "\(blocks)")
            }
        }
    }

    @Test func everyRequestOfAConnectionHasItsOwnClient() async throws {
        try await withServer(trusting: ["127.0.0.1"]) { server in
            let client = RawClient(port: server.port!)
            for number in 1...3 {
                client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.\(number)\r\n\r\n")
                #expect(await client.read(until: "203.0.113.\(number) forwarded") != nil)
            }
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await client.read(until: "127.0.0.1 forwarded") != nil)
        }
    }

    @Test func aUNIXSocketIsAProxyWhereItIsTrusted() async throws {
        let path = "/tmp/tessera-forwarded-test.sock"
        for (blocks, host) in [
            (["unix"], "203.0.113.7 forwarded"), ([], "local direct"), (["::/0"], "local direct"),
        ] {
            try await withServer(trusting: blocks, listen: .unix(path: path)) { server in
                let client = RawClient(path: path)
                client.send(Self.request("X-Forwarded-For: 203.0.113.7"))
                #expect(await client.readToEnd()?.hasSuffix(host) == true)
            }
        }
    }

    @Test func connectionsOfATrustedProxyAreNotCountedAgainstItsAddress() async throws {
        var limits = HTTPLimits()
        limits.connectionsPerAddress = 1
        try await withServer(trusting: ["127.0.0.1"], limits: limits) { server in
            let clients = (0..<3).map { _ in RawClient(port: server.port!) }
            // All at once: on a busy machine, the server would close a connection that waits for its turn.
            for client in clients { client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n") }
            for client in clients {
                #expect(await client.read(until: "127.0.0.1 forwarded") != nil)
            }
            #expect(server.counters.turnedAway == 0)
        }
    }

    // MARK: The PROXY protocol

    @Test func aProxyHeaderNamesTheClient() async throws {
        try await withServer(trusting: ["127.0.0.1"], proxyHeader: true) { server in
            #expect(await answer(server, Self.line + Self.request) == "203.0.113.7 forwarded")
            #expect(await answer(server, Self.binary + Self.request.utf8) == "203.0.113.8 forwarded")
            #expect(await answer(server, Self.local + Self.request.utf8) == "127.0.0.1 forwarded")
            #expect(server.counters.refused == 0)
        }
    }

    @Test func aProxyHeaderMayComeInPieces() async throws {
        try await withServer(trusting: ["127.0.0.1"], proxyHeader: true) { server in
            let client = RawClient(port: server.port!)
            for byte in Self.line.utf8 { client.send([byte]) }
            client.send(Self.request)
            #expect(await client.readToEnd()?.hasSuffix("203.0.113.7 forwarded") == true)
        }
    }

    /// Behind such a proxy, the fields come from the client.
    @Test func fieldsOfAClientThatAProxyHeaderNamesAreIgnored() async throws {
        let forged = Self.request("X-Forwarded-For: 198.51.100.1\r\nForwarded: for=198.51.100.1")
        try await withServer(trusting: ["127.0.0.1"], proxyHeader: true) { server in
            #expect(await answer(server, Self.line + forged) == "203.0.113.7 forwarded")
            #expect(await answer(server, Self.local + forged.utf8) == "127.0.0.1 forwarded")
            #expect(await answer(server, "PROXY UNKNOWN\r\n" + forged) == "127.0.0.1 forwarded")
        }
        // Unless that client is itself a trusted proxy.
        try await withServer(trusting: ["127.0.0.1", "203.0.113.7"], proxyHeader: true) { server in
            #expect(await answer(server, Self.line + forged) == "198.51.100.1 forwarded")
        }
    }

    @Test func aTrustedProxyMustBeginWithAProxyHeader() async throws {
        try await withServer(trusting: ["127.0.0.1"], proxyHeader: true) { server in
            for text in [Self.request, "PROXY TCP4 203.0.113.7\r\n" + Self.request, "PROXY " + Self.line] {
                #expect(await isClosed(server, text), "\(text)")
            }
            #expect(server.counters.refused == 3)
            #expect(server.counters.requests == 0)
        }
    }

    @Test func aProxyHeaderOfAStrangerIsRefused() async throws {
        for (blocks, proxyHeader) in [(["127.0.0.2"], true), (["127.0.0.1"], false), ([], true)] {
            try await withServer(trusting: blocks, proxyHeader: proxyHeader) { server in
                #expect(await answer(server, Self.line + Self.request) == "refused 127.0.0.1")
                #expect(await answer(server, Self.binary + Self.request.utf8) == "refused 127.0.0.1")
            }
        }
    }

    @Test func aSecondProxyHeaderIsNoRequest() async throws {
        try await withServer(trusting: ["127.0.0.1"], proxyHeader: true) { server in
            #expect(await answer(server, Self.line + Self.line + Self.request) == "refused 203.0.113.7")
        }
    }

    @Test func aProxyHeaderHasTheTimeOfAHeader() async throws {
        var limits = HTTPLimits()
        limits.headerTime = .milliseconds(300)
        try await withServer(trusting: ["127.0.0.1"], proxyHeader: true, limits: limits) { server in
            #expect(await isClosed(server, "PROXY TCP4 203.0.113.7"))
            #expect(await isClosed(server, ""))
        }
    }

    @Test func anEndInsideAProxyHeaderEndsTheConnection() async throws {
        try await withServer(trusting: ["127.0.0.1"], proxyHeader: true) { server in
            for beginning in ["", "P", "PROXY TCP4 203.0.113.7"] {
                #expect(await isClosed(server, beginning, endsSending: true), "\(beginning)")
            }
        }
    }
}
