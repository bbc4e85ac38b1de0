import TesseraCore
import TesseraHosting
import TesseraJSON
import TesseraServer
import TesseraStores
import TesseraTime

/// `tessera token inspect`
enum TokenInspect {
    private static let isOffline = Parameter.flag(
        "--offline", "Read only the token itself, without the database.")

    static let command = Command(
        "inspect", "Show information about a token without repeating it.",
        details: """
            Reads the token from standard input. Exits with 1 if it is malformed or its checksum is wrong, and with \
            0 otherwise, also if the token is expired, revoked or unknown.
            """,
        parameters: [isOffline, CommonParameters.json] + TokenParameters.workspace,
        examples: ["tessera token inspect --offline < token", "tessera token inspect --json < token"],
        database: .reads
    ) { invocation in
        let presented = try readToken(invocation)
        guard !invocation[isOffline] else {
            let format = await offlineFormat(invocation)
            return try TokenInspection(reading: format.readAnyKind(presented), finding: nil).print(invocation)
        }
        let prefix = invocation[CommonParameters.tokenPrefix]
        let (reading, finding) = try await Workspace.open(invocation, prefix: prefix) { workspace in
            let reading = workspace.authority.prefixes.format.readAnyKind(presented)
            guard case .wellFormed(let kind, let digest) = reading, kind.use == .accessToken else {
                return (reading, TokenInspection.Finding?.none)
            }
            let stored = try await workspace.store.find(digest)
            return (reading, TokenInspection.Finding(stored: stored, now: workspace.now))
        }
        try TokenInspection(reading: reading, finding: finding).print(invocation)
    }

    /// The format of tokens with the prefixes of the installation, if its file can be read.
    private static func offlineFormat(_ invocation: Invocation) async -> TokenFormat {
        let wanted = invocation[CommonParameters.tokenPrefix]
        let usual = TokenFormat(personal: wanted ?? .personal)
        let url = invocation[CommonParameters.database]
        guard case .sqlite = url, Workspace.absence(of: url) == nil else { return usual }
        // An unreadable file is ignored: the command is about the token.
        guard let database = try? await Database.open(url) else { return usual }
        defer { database.close() }
        let prefixes = try? await TokenPrefixes.load(
            from: database.store, wanted: wanted, role: .reader, at: WallClock.system.now)
        return prefixes?.format ?? usual
    }

    private static func readToken(_ invocation: Invocation) throws -> String {
        if Terminal.isInteractive {
            invocation.console.ask("Token:")
            let answer = Terminal.readLine(isSecret: true) ?? ""
            invocation.console.note("")
            return answer
        }
        let text = try TextFile.readStandardInput()
        // Compares bytes, because "\r\n" is one Character.
        let end = text.utf8.lastIndex { $0 != 0x0A && $0 != 0x0D }
        return String(
            decoding: end.map { text.utf8[...$0] } ?? text.utf8[..<text.utf8.startIndex], as: UTF8.self)
    }
}
