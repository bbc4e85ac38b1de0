import TesseraCore
import TesseraJSON
import TesseraTime

/// `tessera explain [REFUSAL_ID]`
enum Explain {
    private static let id = Parameter.optionalPositional(
        .text("REFUSAL_ID"), "The value of the response's Tessera-Refusal field.")
    private static let recent = Parameter.option(
        "--recent", .number("N", in: 1...1_000), "List the last N refusals, newest first.")
    private static let user = Parameter.option("--user", .email, "List only refusals that concern this user.")
    private static let token = Parameter.option(
        "--token", .tokenID, "List only refusals of the token with this identifier.")
    private static let cause = Parameter.option(
        "--cause", ArgumentKind<RefusalCause>.choice("CAUSE"), "List only refusals with this cause.")

    /// The number of listed refusals if only a filter is given.
    private static let usualCount = 20

    static let command = Command(
        "explain", "Explain why a request was refused, or list recent refusals.",
        details: """
            A server stores its refusals within a second, and keeps them for 7 days unless ‘serve \
            --keep-refusals’ sets a different time. When there are very many at once, it keeps a sample.
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
        case (nil, false): throw UsageError("missing REFUSAL_ID; --recent 20 lists the last refusals.")
        case (.some, true):
            throw UsageError("REFUSAL_ID cannot be combined with --recent, --user, --token or --cause.")
        }
    }

    private static func explain(_ text: String, _ invocation: Invocation) async throws {
        guard let id = Refusal.ID(text) else {
            throw Failure("\(Printable.quoted(text)) is not a refusal identifier.")
        }
        let report = try await Workspace.open(invocation) { workspace in
            guard let refusal = try await workspace.store.refusal(id) else {
                throw Failure(
                    "there is no refusal \(id). A server stores refusals within a second and deletes them after some days."
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

                \(FactSheet(report.facts))
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
            invocation.console.note("There are no refusals.")
        } else {
            let heading = ["WHEN", "CAUSE", "STATUS", "REQUEST", "FROM", "OWNER", "ID"]
            invocation.console.print("\(Table(heading, reports.map(\.row)))")
        }
    }
}
