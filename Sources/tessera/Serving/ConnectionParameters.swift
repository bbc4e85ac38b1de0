import TesseraHTTP

/// The limits on connections, and the trusted proxies.
enum ConnectionParameters {
    private static let proxies = Parameter.repeated(
        "--trusted-proxy", .proxyBlock,
        "A proxy whose Forwarded or X-Forwarded-For field is trusted for the client's address: ADDRESS/BITS, or unix for UNIX sockets.",
        environment: "TESSERA_TRUSTED_PROXY")
    private static let proxyProtocol = Parameter.flag(
        "--proxy-protocol",
        "Require a PROXY protocol header (version 1 or 2) on each connection from a trusted proxy.",
        environment: "TESSERA_PROXY_PROTOCOL")
    private static let connections = Parameter.option(
        "--connections", .number("N", in: 1...1_000_000), default: "16384",
        "The maximum number of open connections.", environment: "TESSERA_CONNECTIONS")
    private static let connectionsPerAddress = Parameter.option(
        "--connections-per-address", .number("N", in: 0...1_000_000), default: "1024",
        "The maximum number of open connections per address; 0 means no limit. Connections from trusted proxies do not count.",
        environment: "TESSERA_CONNECTIONS_PER_ADDRESS")

    static let all: [any AnyParameter] = [proxies, proxyProtocol, connections, connectionsPerAddress]

    /// Adds the settings to the configuration of a server.
    ///
    /// - Throws: ``UsageError`` if `--proxy-protocol` is set without a trusted proxy.
    static func apply(
        _ invocation: Invocation, to configuration: inout ServerConfiguration
    ) throws(UsageError) {
        configuration.trustedProxies = invocation[proxies]
        configuration.expectsProxyHeader = invocation[proxyProtocol]
        configuration.limits.connections = invocation[connections]
        configuration.limits.connectionsPerAddress = invocation[connectionsPerAddress]
        if invocation[proxyProtocol], invocation[proxies].isEmpty {
            throw UsageError(
                "--proxy-protocol needs --trusted-proxy.")
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
