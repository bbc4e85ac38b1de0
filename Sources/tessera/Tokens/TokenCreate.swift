import TesseraCore
import TesseraServer

/// `tessera token create`
enum TokenCreate {
    private static let user = Parameter.required("--user", .email, "The owner of the token.")
    private static let name = Parameter.required(
        "--name", .text("NAME"), "A short description of its purpose.")
    private static let scopes = Parameter.repeated(
        "--scope", .scope, "A scope of the token. A token without scopes only identifies its owner.")
    private static let expires = Parameter.option(
        "--expires", .expiry, default: "30d",
        "The expiry: 30d, 2027-01-31 (through that day, UTC) or never.")
    private static let metadata = Parameter.repeated(
        "--metadata", .note, "A text that is stored with the token and returned when it is checked.")
    private static let format = Parameter.option(
        "--format", .word("opaque|jwt", ["opaque", "jwt"]), default: "opaque", "The format of the token.")

    static let command = Command(
        "create", "Create a personal access token and print it. It is shown only once.",
        parameters: [user, name, scopes, expires, metadata, format] + TokenPolicyParameters.all
            + TokenParameters.workspace,
        examples: [
            "tessera token create --user ada@example.com --name backup --scope repo:read --expires 90d"
        ],
        database: .changes
    ) { invocation in
        guard invocation[format] == "opaque" else {
            throw Failure("--format jwt is not supported yet.")
        }
        let prefix = invocation[CommonParameters.tokenPrefix]
        let policy = TokenPolicyParameters.policyOfNewTokens(invocation)
        let notes = try Self.notes(invocation[metadata])
        try await Workspace.open(invocation, prefix: prefix, policy: policy) { workspace in
            let owner = try await workspace.user(invocation[user])
            let rights = workspace.authority.catalogue.rights(of: owner)
            if let unknown = invocation[scopes].first(where: { !rights.contains($0) }) {
                throw Failure("the scope \(unknown) does not exist, or \(owner.email) cannot grant it.")
            }
            let order = TokenDesk.Order(
                name: invocation[name], scopes: invocation[scopes].map(\.text),
                expiresAt: invocation[expires].instant(from: workspace.now), metadata: notes)
            let issued = try await workspace.authority.tokens.issue(
                order, to: owner, by: .commandLine, at: workspace.now)
            invocation.console.print(issued.secret.plainText)
        }
    }

    private static func notes(_ notes: [(name: String, text: String)]) throws -> TokenMetadata {
        var texts: [String: String] = [:]
        for (name, text) in notes where texts.updateValue(text, forKey: name) != nil {
            throw UsageError("--metadata contains \(Printable.quoted(name)) more than once.")
        }
        return try TokenMetadata(texts)
    }
}

extension ArgumentKind<(name: String, text: String)> {
    /// `NAME=TEXT`
    fileprivate static var note: ArgumentKind {
        ArgumentKind("NAME=TEXT", "a name, = and a text") { argument in
            guard let sign = argument.firstIndex(of: "=") else { return nil }
            return (String(argument[..<sign]), String(argument[argument.index(after: sign)...]))
        }
    }
}
