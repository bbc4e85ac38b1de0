import TesseraHTTP

/// Who may connect how often, and which proxies are believed.
enum ConnectionParameters {
    private static let proxies = Parameter.repeated(
        "--trusted-proxy", .proxyBlock,
        "A proxy whose Forwarded or X-Forwarded-For is believed for the client's address: ADDRESS/BITS, or unix for a UNIX socket.",
        environment: "TESSERA_TRUSTED_PROXY")
    private static let proxyProtocol = Parameter.flag(
        "--proxy-protocol",
        "Each connection of a trusted proxy begins with a PROXY protocol header (version 1 or 2).",
        environment: "TESSERA_PROXY_PROTOCOL")
    private static let connections = Parameter.option(
        "--connections", .number("N", in: 1...1_000_000), default: "16384",
        "How many connections may be open at once.", environment: "TESSERA_CONNECTIONS")
    private static let connectionsPerAddress = Parameter.option(
        "--connections-per-address", .number("N", in: 0...1_000_000), default: "1024",
        "How many of them one address may have; 0 sets no limit. Those of a trusted proxy are not counted.",
        environment: "TESSERA_CONNECTIONS_PER_ADDRESS")

    static let all: [any AnyParameter] = [proxies, proxyProtocol, connections, connectionsPerAddress]

    /// Takes the settings over into the configuration of a server.
    ///
    /// - Throws: When `--proxy-protocol` is on and no proxy is trusted.
    static func apply(
        _ invocation: Invocation, to configuration: inout ServerConfiguration
    ) throws(UsageError) {
        configuration.trustedProxies = invocation[proxies]
        configuration.expectsProxyHeader = invocation[proxyProtocol]
        configuration.limits.connections = invocation[connections]
        configuration.limits.connectionsPerAddress = invocation[connectionsPerAddress]
        if invocation[proxyProtocol], invocation[proxies].isEmpty {
            throw UsageError(
                "--proxy-protocol needs --trusted-proxy, which says whose header is believed.")
        }
    }
}

extension ArgumentKind<ProxyBlock> {
    fileprivate static var proxyBlock: ArgumentKind {
        ArgumentKind(
            "ADDRESS/BITS", "an address or a network such as 127.0.0.1, 10.0.0.0/8 or fd00::/8, or unix"
        ) {
            ProxyBlock(parsing: $0)
        }
    }
}
