import TesseraCore
import TesseraHTTP
import TesseraServer

/// What stands on standard output once the API can be called.
struct Welcome {
    /// Who can sign in, and a token that works; `nil` when there is only what was there before.
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

    /// Where a program on this machine finds what listens there.
    private static func url(of address: ListenAddress) -> String {
        switch address {
        case .tcp: "http://\(address.onThisMachine)"
        case .unix: "\(address)"
        }
    }
}
