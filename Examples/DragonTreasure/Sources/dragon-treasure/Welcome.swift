import TesseraHTTP

/// What stands on standard output once the API can be called.
struct Welcome {
    /// A token of ember's, when there are fixtures.
    var token: String?

    func text(at address: ListenAddress) -> String {
        let url = Self.url(of: address)
        guard let token else { return "Dragon Treasure is at \(url)" }
        return """
            Dragon Treasure is at \(url)

            Sign in there, and make tokens at \(url)/settings/tokens:
              keeper@example.com  keeper-of-the-hoard  (admin)
              ember@example.com   a-hoard-of-old-gold

            A fresh token of ember's, with all scopes:
              \(token)

            Create a treasure with it:
              curl -i \(url)/api/treasures -H 'Authorization: Bearer \(token)' --json \
            '{"name":"A ring","description":"Cursed, a little.","is_published":true}'
            """
    }

    /// Where a program on this machine finds what listens there.
    private static func url(of address: ListenAddress) -> String {
        switch address {
        case .tcp("0.0.0.0", let port): "http://127.0.0.1:\(port)"
        case .tcp("::", let port): "http://[::1]:\(port)"
        case .tcp: "http://\(address)"
        case .unix: "\(address)"
        }
    }
}
