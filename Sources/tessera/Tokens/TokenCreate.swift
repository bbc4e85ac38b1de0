import TesseraCore
import TesseraServer

/// `tessera token create`
enum TokenCreate {
    private static let user = Parameter.required("--user", .email, "Whose token it is.")
    private static let name = Parameter.required("--name", .text("NAME"), "What it is for, in a few words.")
    private static let scopes = Parameter.repeated(
        "--scope", .scope, "What it may do; without one it may do nothing but say whose it is.")
    private static let expires = Parameter.option(
        "--expires", .expiry, default: "30d",
        "When it dies: 30d, 2027-01-31 (through that day, UTC) or never.")
    private static let metadata = Parameter.repeated(
        "--metadata", .note, "A text to keep with it, which the check of the token returns.")
    private static let format = Parameter.option(
        "--format", .word("opaque|jwt", ["opaque", "jwt"]), default: "opaque", "What kind of string it is.")

    static let command = Command(
        "create", "Make a personal access token and print it, this once.",
        parameters: [user, name, scopes, expires, metadata, format] + TokenPolicyParameters.all
            + TokenParameters.workspace,
        examples: [
            "tessera token create --user ada@example.com --name backup --scope repo:read --expires 90d"
        ],
        database: .changes
    ) { invocation in
        guard invocation[format] == "opaque" else {
            throw Failure("--format jwt comes with a later version.")
        }
        let prefix = invocation[CommonParameters.tokenPrefix]
        let policy = TokenPolicyParameters.policyOfNewTokens(invocation)
        let notes = try Self.notes(invocation[metadata])
        try await Workspace.open(invocation, prefix: prefix, policy: policy) { workspace in
            let owner = try await workspace.user(invocation[user])
            let rights = workspace.authority.catalogue.rights(of: owner)
            if let unknown = invocation[scopes].first(where: { !rights.contains($0) }) {
                throw Failure("there is no scope \(unknown) that \(owner.email) may grant.")
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
            throw UsageError("--metadata names \(Printable.quoted(name)) twice.")
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
