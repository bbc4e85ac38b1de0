import TesseraCore
import TesseraJSON
import TesseraServer
import TesseraTime

/// The output of `tessera token inspect`.
struct TokenInspection {
    let reading: TokenFormat.Reading
    /// The state in the database; `nil` if the command did not read it.
    let finding: Finding?

    /// The state of a token in the database.
    struct Finding {
        /// `nil` if the database does not contain the token.
        let stored: StoredToken?
        let now: NumericDate

        var state: String {
            guard let stored else { return "unknown" }
            let state = stored.token.state(at: now)
            return state == .active && !stored.principal.isActive ? "owner disabled" : state.rawValue
        }
    }

    /// Prints the facts; a token that is malformed or mistyped is a failure.
    func print(_ invocation: Invocation) throws {
        let (console, isJSON) = (invocation.console, invocation[CommonParameters.json])
        switch reading {
        case .malformed:
            if isJSON { Self.printReading("malformed", checksum: nil, to: console) }
            throw Failure("this is not a well-formed token.")
        case .mistyped:
            if isJSON { Self.printReading("mistyped", checksum: "wrong", to: console) }
            throw Failure("the checksum is wrong: the token was mistyped or truncated.")
        case .wellFormed(let kind, _), .misplaced(let kind):
            isJSON ? printJSON(Self.name(of: kind), to: console) : printText(Self.name(of: kind), to: console)
        }
    }

    /// The name of a kind; for an access token, that of the stored token.
    private static func name(of kind: TokenFormat.Kind) -> String {
        switch kind {
        case .personal: TokenKind.personal.rawValue
        case .oauthAccess: TokenKind.oauth.rawValue
        case .refresh, .clientSecret, .registration: kind.name
        }
    }

    private func printText(_ kind: String, to console: Console) {
        var facts: [(String, String)] = [("Kind", kind), ("Checksum", "ok")]
        if let finding { facts.append(("State", finding.state)) }
        if let stored = finding?.stored {
            let token = stored.token
            facts += [
                ("Name", token.name.text),
                ("Owner", stored.owner?.email.text ?? stored.token.subject.description),
                ("Scopes", token.scope.isEmpty ? "-" : token.scope.description),
                ("Created", token.createdAt.inTable), ("Expires", token.expiresAt?.inTable ?? "never"),
                ("Last used", token.lastUsedAt?.inTable ?? "never"),
            ]
            if let address = token.lastUsedFrom { facts.append(("Used from", address.text)) }
            if let revokedAt = token.revokedAt { facts.append(("Revoked", revokedAt.inTable)) }
            if let suspendedAt = token.suspendedAt { facts.append(("Disabled", suspendedAt.inTable)) }
            if let older = token.replaces { facts.append(("Replaces", older.description)) }
            if let newer = token.replacedBy { facts.append(("Replaced by", newer.description)) }
            for entry in token.metadata.entries { facts.append(("Metadata: \(entry.name)", entry.text)) }
            facts.append(("ID", token.id.description))
        }
        console.print("\(FactSheet(facts))")
    }

    private func printJSON(_ kind: String, to console: Console) {
        console.printJSON { json in
            json.object { json in
                json.member("form", "well-formed")
                json.member("checksum", "ok")
                if let finding, let stored = finding.stored {
                    json.members(of: stored.token, stored.owner, at: finding.now)
                    json.member("owner_active", stored.principal.isActive)
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
