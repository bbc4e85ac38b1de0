import TesseraCore
import TesseraJSON
import TesseraServer
import TesseraTime

/// `tessera token list`
enum TokenList {
    private static let user = Parameter.option("--user", .email, "List only the tokens of this user.")
    private static let isExceeding = Parameter.flag(
        "--exceeding-policy", "List only tokens that expire later than the policy allows for new tokens.")

    static let command = Command(
        "list", "List access tokens, newest first. The tokens themselves are not stored.",
        parameters: [user, isExceeding, CommonParameters.json] + TokenPolicyParameters.longestLifetimeOnly
            + TokenParameters.workspace,
        examples: [
            "tessera token list --user ada@example.com", "tessera token list --json",
            "tessera token list --exceeding-policy --longest-token-lifetime 365d",
        ],
        database: .reads
    ) { invocation in
        let prefix = invocation[CommonParameters.tokenPrefix]
        let policy = TokenPolicyParameters.policy(invocation)
        if invocation[isExceeding], policy.longestLifetime == nil {
            throw UsageError("--exceeding-policy needs --longest-token-lifetime.")
        }
        let (tokens, owners, format, now) = try await Workspace.open(invocation, prefix: prefix) {
            workspace in
            var owner: User?
            if let email = invocation[user] { owner = try await workspace.user(email) }
            let tokens = try await workspace.allTokens(of: owner?.id).filter { token in
                !invocation[isExceeding] || policy.isExceeded(by: token, at: workspace.now)
            }
            let users = if let owner { [owner] } else { try await workspace.allUsers() }
            let owners = Dictionary(users.map { ($0.id, $0) }) { first, _ in first }
            return (tokens, owners, workspace.authority.prefixes.format, workspace.now)
        }
        if invocation[CommonParameters.json] {
            invocation.console.printJSON { json in
                json.array { json in
                    for token in tokens {
                        json.object {
                            $0.members(of: token, token.owner.flatMap { owners[$0] }, at: now, policy)
                        }
                    }
                }
            }
        } else if tokens.isEmpty {
            invocation.console.note(
                invocation[isExceeding] ? "No token exceeds the policy." : "There are no tokens yet.")
        } else {
            let rows = tokens.map { row(of: $0, $0.owner.flatMap { owners[$0] }, format, at: now) }
            let heading = ["NAME", "TOKEN", "OWNER", "STATE", "EXPIRES", "LAST USED", "FROM", "SCOPES", "ID"]
            invocation.console.print("\(Table(heading, rows))")
        }
    }

    private static func row(
        of token: AccessToken, _ owner: User?, _ format: TokenFormat, at now: NumericDate
    ) -> [String] {
        [
            token.name.text, "\(format.knownBeginning(of: token.kind))…\(token.lastFour)",
            owner?.email.text ?? "-",
            token.state(at: now).rawValue, token.expiresAt?.inTable ?? "never",
            token.lastUsedAt?.inTable ?? "never", token.lastUsedFrom?.text ?? "-",
            token.scope.isEmpty ? "-" : token.scope.description,
            token.id.description,
        ]
    }
}
