import Tessera

/// The text on standard output once the API can be called.
struct Welcome {
    /// The accounts of the fixtures and a token that works; `nil` without fixtures.
    var fixtures: Fixtures?

    func text(at address: ListenAddress) -> String {
        let url = Self.url(of: address)
        guard let fixtures else { return "Dragon Treasure is at \(url)" }
        let token = fixtures.token.secret.plainText
        // The operator, and the owner of the token.
        let people = fixtures.accounts.prefix(2)
            .map { "  \($0.user.email)  \($0.password)\($0.user.isOperator ? "  (admin)" : "")" }
            .joined(separator: "\n")
        return """
            Dragon Treasure is at \(url)

            Sign in, and make tokens at \(url)/settings/tokens:
            \(people)

            A fresh token of ember's, with all scopes:
              \(token)

            Create a treasure with it:
              curl -i \(url)/api/treasures -H 'Authorization: Bearer \(token)' --json \
            '{"name":"A ring","description":"Cursed, a little.","is_published":true}'
            """
    }

    /// The address for programs on this machine.
    private static func url(of address: ListenAddress) -> String {
        switch address {
        case .tcp: "http://\(address.onThisMachine)"
        case .unix: "\(address)"
        }
    }
}
