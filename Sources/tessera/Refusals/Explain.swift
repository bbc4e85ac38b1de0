import TesseraCore
import TesseraJSON
import TesseraTime

/// `tessera explain [REFUSAL_ID]`
enum Explain {
    private static let id = Parameter.optionalPositional(
        .text("REFUSAL_ID"), "What the field Tessera-Refusal of the answer said.")
    private static let recent = Parameter.option(
        "--recent", .number("N", in: 1...1_000), "List the last N refusals instead, the newest first.")
    private static let user = Parameter.option("--user", .email, "List those of this user alone.")
    private static let token = Parameter.option(
        "--token", .tokenID, "List those of the token with this identifier alone.")
    private static let cause = Parameter.option(
        "--cause", ArgumentKind<RefusalCause>.choice("CAUSE"), "List those for this cause alone.")

    /// How many are listed when only a filter was given.
    private static let usualCount = 20

    static let command = Command(
        "explain", "Say why a request was refused, or list what was refused lately.",
        details: """
            A server writes its refusals down within a second, and keeps them for 7 days unless ‘serve \
            --keep-refusals’ says otherwise. When very many come at once, it keeps a sample.
            """,
        parameters: [id, recent, user, token, cause, CommonParameters.json] + CommonParameters.workspace,
        examples: [
            "tessera explain 0193a5e0-7c1e-7a3b-9f52-3d1c5b8e4a10",
            "tessera explain --recent 50",
            "tessera explain --user ada@example.com --cause expired --json",
        ],
        database: .reads
    ) { invocation in
        let isList =
            invocation[recent] != nil || invocation[user] != nil || invocation[token] != nil
            || invocation[cause] != nil
        switch (invocation[id], isList) {
        case (let text?, false): try await explain(text, invocation)
        case (nil, true): try await list(invocation)
        case (nil, false): throw UsageError("REFUSAL_ID is missing; --recent 20 lists the last ones.")
        case (.some, true):
            throw UsageError("REFUSAL_ID explains one; --recent, --user, --token and --cause list several.")
        }
    }

    private static func explain(_ text: String, _ invocation: Invocation) async throws {
        guard let id = Refusal.ID(text) else {
            throw Failure("\(Printable.quoted(text)) is not the identifier of a refusal.")
        }
        let report = try await Workspace.open(invocation) { workspace in
            guard let refusal = try await workspace.store.refusal(id) else {
                throw Failure(
                    "there is no refusal \(id); a server writes them down within a second, and forgets them after some days."
                )
            }
            return try await RefusalReport.gather(refusal, from: workspace.store)
        }
        if invocation[CommonParameters.json] {
            invocation.console.printJSON { $0.object { $0.members(of: report) } }
        } else {
            let explanation = report.explanation()
            invocation.console.print(
                """
                \(explanation.title)

                \(Printable.escaped(explanation.sentence))
                \(explanation.advice)

                \(FactSheet(facts(of: report)))
                """)
        }
    }

    private static func list(_ invocation: Invocation) async throws {
        let reports = try await Workspace.open(invocation) { workspace in
            var filter = RefusalFilter(token: invocation[token], cause: invocation[cause])
            if let email = invocation[user] { filter.owner = try await workspace.user(email).id }
            var reports: [RefusalReport] = []
            for refusal in try await workspace.store.refusals(
                filter, limit: invocation[recent] ?? usualCount)
            {
                reports.append(try await RefusalReport.gather(refusal, from: workspace.store))
            }
            return reports
        }
        if invocation[CommonParameters.json] {
            invocation.console.printJSON { json in
                json.array { json in
                    for report in reports { json.object { $0.members(of: report) } }
                }
            }
        } else if reports.isEmpty {
            invocation.console.note("Nothing was refused.")
        } else {
            let heading = ["WHEN", "CAUSE", "STATUS", "REQUEST", "FROM", "OWNER", "ID"]
            invocation.console.print("\(Table(heading, reports.map(row)))")
        }
    }

    private static func row(of report: RefusalReport) -> [String] {
        let refusal = report.refusal
        return [
            refusal.at.inTable, refusal.cause.rawValue, String(refusal.status),
            refusal.method.isEmpty ? "-" : "\(refusal.method) \(refusal.path)", refusal.address,
            report.owner?.email.text ?? "-", refusal.id.description,
        ]
    }

    /// What is known about it, in the order of interest.
    private static func facts(of report: RefusalReport) -> [(String, String)] {
        let refusal = report.refusal
        let all: [(String, String?)] = [
            ("When", refusal.at.rfc3339),
            ("Request", refusal.method.isEmpty ? nil : "\(refusal.method) \(refusal.path)"),
            ("Status", String(refusal.status)),
            ("Cause", refusal.cause.rawValue),
            ("From", refusal.address),
            ("Origin", refusal.origin),
            ("Token", report.token.map { "\($0.name) (\($0.id))" } ?? refusal.token?.description),
            ("Owner", report.owner?.email.text ?? refusal.owner?.description),
            ("Needed", refusal.needed?.description),
            ("Held", refusal.held?.description),
            ("Since", refusal.since?.rfc3339),
            ("Revoked by", report.revokerPhrase(for: nil)),
            ("Detail", refusal.detail),
        ]
        return all.compactMap { name, value in value.map { (name, $0) } }
    }
}

extension JSONWriter {
    /// Everything that is known about a refusal.
    fileprivate mutating func members(of report: RefusalReport) {
        let refusal = report.refusal
        let explanation = report.explanation()
        member("id", refusal.id.description)
        member("at", refusal.at.rfc3339)
        member("cause", refusal.cause.rawValue)
        member("title", explanation.title)
        member("explanation", explanation.sentence)
        member("advice", explanation.advice)
        member("status", refusal.status)
        member("method", refusal.method)
        member("path", refusal.path)
        member("address", refusal.address)
        member("origin", refusal.origin)
        member("hint", refusal.hint?.rawValue)
        member("token_id", refusal.token?.description)
        member("token_name", report.token?.name.text)
        member("owner", report.owner?.email.text ?? refusal.owner?.description)
        member("needed", refusal.needed?.tokens.map(\.text) ?? [])
        member("held", refusal.held?.tokens.map(\.text) ?? [])
        member("since", refusal.since?.rfc3339)
        member("revoked_by", report.revoker?.text)
        member("detail", refusal.detail)
    }
}
