import Tessera

/// The options of `dragon-treasure serve`.
struct ServeOptions {
    var listen = ListenAddress.tcp(host: "127.0.0.1", port: 8080)
    var database = DatabaseURL.sqlite(path: "dragon-treasure.db")
    /// The issuer that was named; `nil` for the address it listens at (``issuer``).
    private var namedIssuer: Issuer?
    var loadsFixtures = false
    var seed: UInt64 = 1
    var logLevel = Log.Level.warning
    /// The number of event loops; `nil` for one per core.
    var loops: Int?
    var allowedOrigins: [Origin] = []
    var trustedProxies: [ProxyBlock] = []

    static let help = """
        Usage: dragon-treasure serve [OPTIONS]

        Serves the Dragon Treasure API, with its access tokens, until it is asked to end.

          --listen HOST:PORT     where to listen; default 127.0.0.1:8080
          --database URL         where to keep everything; default sqlite:dragon-treasure.db
          --issuer URL           the address under which people reach it; default http://HOST:PORT
          --fixtures             adds people, tokens and treasures to play with
          --seed N               makes other fixtures; default 1
          --allow-origin ORIGIN  lets scripts of this web origin, app or extension call the API; may be repeated
          --trusted-proxy BLOCK  believes this proxy about the client's address: ADDRESS/BITS, or unix; may be repeated
          --loops N              how many event loops; default one for each core
          --log-level LEVEL      debug, info, warning or error; default warning
          --help                 shows this
        """

    /// - Parameter arguments: The arguments behind `serve`.
    init(_ arguments: some Sequence<String>) throws(UsageError) {
        var rest = Array(arguments)[...]
        while let name = rest.popFirst() {
            if name == "--fixtures" {
                loadsFixtures = true
                continue
            }
            guard Self.names.contains(name) else { throw UsageError("\(name) is not known") }
            guard let value = rest.popFirst() else { throw UsageError("\(name) needs a value") }
            guard set(name, to: value) else { throw UsageError("the value of \(name) is not valid") }
        }
    }

    /// The address under which people reach it.
    var issuer: String { (namedIssuer ?? Issuer(listening: listen, isSecure: false)).text }

    private static let names: Set<String> = [
        "--listen", "--database", "--issuer", "--seed", "--allow-origin", "--trusted-proxy", "--loops",
        "--log-level",
    ]

    /// - Returns: `false` when the value makes no sense.
    private mutating func set(_ name: String, to value: String) -> Bool {
        switch name {
        case "--listen": Self.assign(ListenAddress(parsing: value), to: &listen)
        case "--database": Self.assign(try? DatabaseURL(value), to: &database)
        case "--issuer": Self.assign(Issuer(value), to: &namedIssuer)
        case "--seed": Self.assign(UInt64(value), to: &seed)
        case "--allow-origin": Self.assign(Origin(value).map { allowedOrigins + [$0] }, to: &allowedOrigins)
        case "--trusted-proxy":
            Self.assign(ProxyBlock(parsing: value).map { trustedProxies + [$0] }, to: &trustedProxies)
        case "--loops": Self.assign(Int(value).flatMap { (1...256).contains($0) ? $0 : nil }, to: &loops)
        default: Self.assign(Log.Level(rawValue: value), to: &logLevel)
        }
    }

    private static func assign<Value>(_ value: Value?, to target: inout Value) -> Bool {
        guard let value else { return false }
        target = value
        return true
    }

    private static func assign<Value>(_ value: Value?, to target: inout Value?) -> Bool {
        target = value
        return value != nil
    }
}

/// The arguments cannot be understood: exit status 2.
struct UsageError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
