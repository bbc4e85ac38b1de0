import TesseraCore
import TesseraHosting
import TesseraJOSE
import TesseraJSON
import TesseraServer
import TesseraStores

/// `tessera token inspect`
enum TokenInspect {
    private static let isOffline = Parameter.flag("--offline", "Tell only what the token itself tells.")

    static let command = Command(
        "inspect", "Say what a token is, without repeating it.",
        details: """
            Reads the token from standard input. Ends with 1 when it is malformed or its checksum does not fit, and with \
            0 otherwise, also for one that is expired, revoked or unknown.
            """,
        parameters: [isOffline, CommonParameters.json] + TokenParameters.workspace,
        examples: ["tessera token inspect --offline < token", "tessera token inspect --json < token"],
        database: .reads
    ) { invocation in
        let presented = try readToken(invocation)
        guard !invocation[isOffline] else {
            let format = await offlineFormat(invocation)
            return try tell(TokenReading(presented, format: format), nil, invocation)
        }
        let prefix = invocation[CommonParameters.tokenPrefix]
        let (reading, finding) = try await Workspace.open(invocation, prefix: prefix) { workspace in
            let reading = TokenReading(presented, format: workspace.authority.prefixes.format)
            guard case .accessToken(_, let digest) = reading else { return (reading, Finding?.none) }
            let stored = try await workspace.store.find(digest)
            return (reading, Finding(stored: stored, now: workspace.now))
        }
        try tell(reading, finding, invocation)
    }

    /// The form of tokens with the prefixes of the installation, if there is a file that names them.
    private static func offlineFormat(_ invocation: Invocation) async -> TokenFormat {
        let wanted = invocation[CommonParameters.tokenPrefix]
        let usual = TokenFormat(personal: wanted ?? .personal)
        let url = invocation[CommonParameters.database]
        guard case .sqlite = url, Workspace.absence(of: url) == nil else { return usual }
        // A file that cannot be read is no obstacle: the token itself is what is asked about.
        guard let database = try? await Database.open(url) else { return usual }
        defer { database.close() }
        let prefixes = try? await TokenPrefixes.load(
            from: database.store, wanted: wanted, role: .reader, at: WallClock.system.now)
        return prefixes?.format ?? usual
    }

    private static func tell(_ reading: TokenReading, _ finding: Finding?, _ invocation: Invocation) throws {
        let console = invocation.console
        switch reading {
        case .malformed:
            if invocation[CommonParameters.json] { printReading("malformed", checksum: nil, to: console) }
            throw Failure("this does not have the form of a token.")
        case .mistyped:
            if invocation[CommonParameters.json] { printReading("mistyped", checksum: "wrong", to: console) }
            throw Failure("the checksum does not fit: the token was mistyped or cut.")
        case .other(let kind):
            print(kind: kind, nil, in: invocation)
        case .accessToken(let kind, _):
            print(kind: kind.rawValue, finding, in: invocation)
        }
    }

    /// What the database knows about a token.
    private struct Finding {
        /// `nil` for a token that is not there.
        let stored: StoredToken?
        let now: NumericDate

        var state: String {
            guard let stored else { return "unknown" }
            let state = stored.token.state(at: now)
            return state == .active && !stored.owner.isActive ? "owner disabled" : state.rawValue
        }
    }

    private static func readToken(_ invocation: Invocation) throws -> String {
        if Terminal.isInteractive {
            invocation.console.ask("Token:")
            let answer = Terminal.readLine(isSecret: true) ?? ""
            invocation.console.note("")
            return answer
        }
        let text = try TextFile.readStandardInput()
        // By bytes: "\r\n" is one Character.
        let end = text.utf8.lastIndex { $0 != 0x0A && $0 != 0x0D }
        return String(
            decoding: end.map { text.utf8[...$0] } ?? text.utf8[..<text.utf8.startIndex], as: UTF8.self)
    }

    private static func print(kind: String, _ finding: Finding?, in invocation: Invocation) {
        if invocation[CommonParameters.json] {
            printJSON(kind, finding, to: invocation.console)
        } else {
            printText(kind, finding, to: invocation.console)
        }
    }

    private static func printText(_ kind: String, _ finding: Finding?, to console: Console) {
        var facts: [(String, String)] = [("Kind", kind), ("Checksum", "ok")]
        if let finding { facts.append(("State", finding.state)) }
        if let stored = finding?.stored {
            let token = stored.token
            facts += [
                ("Name", token.name.text), ("Owner", stored.owner.email.text),
                ("Scopes", token.scope.isEmpty ? "-" : token.scope.description),
                ("Created", token.createdAt.inTable), ("Expires", token.expiresAt?.inTable ?? "never"),
                ("Last used", token.lastUsedAt?.inTable ?? "never"),
            ]
            if let address = token.lastUsedFrom { facts.append(("Used from", address.text)) }
            if let revokedAt = token.revokedAt { facts.append(("Revoked", revokedAt.inTable)) }
            if let suspendedAt = token.suspendedAt { facts.append(("Disabled", suspendedAt.inTable)) }
            if let older = token.replaces { facts.append(("Replaces", older.description)) }
            if let newer = token.replacedBy { facts.append(("Replaced by", newer.description)) }
            for entry in token.metadata.entries { facts.append(("Noted: \(entry.name)", entry.text)) }
            facts.append(("ID", token.id.description))
        }
        console.print("\(FactSheet(facts))")
    }

    private static func printJSON(_ kind: String, _ finding: Finding?, to console: Console) {
        console.printJSON { json in
            json.object { json in
                json.member("form", "well-formed")
                json.member("checksum", "ok")
                if let finding, let stored = finding.stored {
                    json.members(of: stored.token, stored.owner, at: finding.now)
                    json.member("owner_active", stored.owner.isActive)
                } else {
                    json.member("kind", kind)
                    if let finding { json.member("state", finding.state) }
                }
            }
        }
    }

    private static func printReading(_ form: String, checksum: String?, to console: Console) {
        console.printJSON { json in
            json.object { json in
                json.member("form", form)
                json.member("checksum", checksum)
            }
        }
    }
}
