import TesseraCore
import TesseraJOSE
import TesseraJSON

/// `tessera explain REFUSAL_ID`
enum Explain {
    private static let id = Parameter.positional(
        .text("REFUSAL_ID"), "What the field Tessera-Refusal of the answer said.")

    static let command = Command(
        "explain", "Say why a request was refused.",
        details: "A server writes its refusals down within a second, and keeps them for 7 days.",
        parameters: [id, CommonParameters.json] + CommonParameters.workspace,
        examples: ["tessera explain 0193a5e0-7c1e-7a3b-9f52-3d1c5b8e4a10"]
    ) { invocation in
        guard let id = Refusal.ID(invocation[id]) else {
            throw Failure("\(Printable.quoted(invocation[id])) is not the identifier of a refusal.")
        }
        let (refusal, token, owner) = try await Workspace.open(invocation) { workspace in
            guard let refusal = try await workspace.store.refusal(id) else {
                throw Failure("there is no refusal \(id); they are kept for 7 days.")
            }
            var token: AccessToken?
            if let id = refusal.token { token = try await workspace.store.token(id) }
            var owner: User?
            if let id = refusal.owner { owner = try await workspace.store.user(id) }
            return (refusal, token, owner)
        }
        if invocation[CommonParameters.json] {
            printJSON(refusal, token, owner, to: invocation.console)
        } else {
            let explanation = refusal.explanation
            invocation.console.print(
                """
                \(explanation.title)

                \(Printable.escaped(explanation.sentence))
                \(explanation.advice)

                \(FactSheet(facts(of: refusal, token, owner)))
                """)
        }
    }

    /// What is known about it, in the order of interest.
    private static func facts(of refusal: Refusal, _ token: AccessToken?, _ owner: User?) -> [(
        String, String
    )] {
        let request = "\(refusal.method) \(refusal.path)"
        let all: [(String, String?)] = [
            ("When", refusal.at.rfc3339),
            ("Request", refusal.method.isEmpty ? nil : request),
            ("Status", String(refusal.status)),
            ("Cause", refusal.cause.rawValue),
            ("From", refusal.address),
            ("Token", token.map { "\($0.name) (\($0.id))" } ?? refusal.token?.description),
            ("Owner", owner?.email.text ?? refusal.owner?.description),
            ("Needed", refusal.needed?.description),
            ("Held", refusal.held?.description),
            ("Since", refusal.since?.rfc3339),
        ]
        return all.compactMap { name, value in value.map { (name, $0) } }
    }

    private static func printJSON(
        _ refusal: Refusal, _ token: AccessToken?, _ owner: User?, to console: Console
    ) {
        let explanation = refusal.explanation
        console.printJSON { json in
            json.object { json in
                json.member("id", refusal.id.description)
                json.member("at", refusal.at.rfc3339)
                json.member("cause", refusal.cause.rawValue)
                json.member("title", explanation.title)
                json.member("explanation", explanation.sentence)
                json.member("advice", explanation.advice)
                json.member("status", refusal.status)
                json.member("method", refusal.method)
                json.member("path", refusal.path)
                json.member("address", refusal.address)
                json.member("token_id", refusal.token?.description)
                json.member("token_name", token?.name.text)
                json.member("owner", owner?.email.text ?? refusal.owner?.description)
                json.member("needed", refusal.needed?.tokens.map(\.text) ?? [])
                json.member("held", refusal.held?.tokens.map(\.text) ?? [])
                json.member("since", refusal.since?.rfc3339)
            }
        }
    }
}
