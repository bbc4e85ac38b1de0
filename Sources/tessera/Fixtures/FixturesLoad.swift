import TesseraCore
import TesseraJSON
import TesseraServer

/// `tessera fixtures load`
enum FixturesLoad {
    private static let seed = Parameter.option(
        "--seed", .number("N", in: 0...Int.max), default: "1",
        "The seed of the random data; the same seed gives the same users and tokens.")

    static let command = Command(
        "load",
        "Fill an empty database with users and tokens for development, and print a valid token.",
        details: "The passwords are public. Never load this data where other people can sign in.",
        parameters: [seed, CommonParameters.json] + TokenParameters.workspace,
        examples: ["tessera fixtures load --database sqlite:development.db"],
        database: .changes
    ) { invocation in
        let fixtures = try await Workspace.open(invocation, prefix: invocation[CommonParameters.tokenPrefix])
        {
            try await $0.authority.loadFixtures(seed: UInt64(invocation[seed]))
        }
        if !fixtures.isNew {
            invocation.console.note("The fixtures already existed; only the token is new.")
        }
        if invocation[CommonParameters.json] {
            invocation.console.printJSON { json in
                json.object { json in
                    json.member("users") { json in
                        json.array { json in
                            for account in fixtures.accounts {
                                json.object { json in
                                    json.member("email", account.user.email.text)
                                    json.member("password", account.password)
                                    json.member("admin", account.user.isOperator)
                                }
                            }
                        }
                    }
                    json.member("token", fixtures.token.secret.plainText)
                }
            }
        } else {
            let rows = fixtures.accounts.map { account in
                [account.user.email.text, account.password, account.user.isOperator ? "operator" : "user"]
            }
            invocation.console.print("\(Table(["EMAIL", "PASSWORD", "ROLE"], rows))\n")
            invocation.console.print("\(fixtures.token.secret.plainText)")
        }
    }
}
