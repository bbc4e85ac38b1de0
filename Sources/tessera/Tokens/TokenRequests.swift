import TesseraCore
import TesseraJSON
import TesseraTime

/// `tessera token requests ID`
enum TokenRequests {
    private static let id = Parameter.positional(.tokenID, "Which one, as ‘tessera token list’ shows it.")
    private static let limit = Parameter.option(
        "--limit", .number("N", in: 1...10_000), default: "50", "How many are listed at most.")

    static let command = Command(
        "requests", "List what was asked for with a token lately, and what it got, the newest first.",
        details: """
            A server writes requests down within a second or two, and keeps them for a day unless ‘serve \
            --keep-requests’ says otherwise. When very many come at once, it keeps a sample.
            """,
        parameters: [id, limit, CommonParameters.json] + CommonParameters.workspace,
        examples: ["tessera token requests 0193a5e0-7c1e-7a3b-9f52-3d1c5b8e4a10"],
        database: .reads
    ) { invocation in
        let requests = try await Workspace.open(invocation) { workspace in
            let token = try await workspace.token(invocation[id])
            return try await TokenRequest.recent(
                TokenRequestFilter(token: token.id), limit: invocation[limit], from: workspace.store)
        }
        if invocation[CommonParameters.json] {
            invocation.console.printJSON { json in
                json.array { json in
                    for request in requests { json.object { $0.members(of: request) } }
                }
            }
        } else if requests.isEmpty {
            invocation.console.note("There were no requests lately.")
        } else {
            let heading = ["WHEN", "STATUS", "REQUEST", "FROM", "REFUSED FOR", "REFUSAL"]
            invocation.console.print("\(Table(heading, requests.map(row)))")
        }
    }

    private static func row(of request: TokenRequest) -> [String] {
        [
            request.at.inTable, String(request.status), "\(request.method) \(request.path)",
            request.address, request.cause?.rawValue ?? "-", request.refusal?.description ?? "-",
        ]
    }
}

extension JSONWriter {
    fileprivate mutating func members(of request: TokenRequest) {
        member("at", request.at.rfc3339)
        member("token_id", request.token.description)
        member("method", request.method)
        member("path", request.path)
        member("status", request.status)
        member("address", request.address)
        member("cause", request.cause?.rawValue)
        member("refusal", request.refusal?.description)
    }
}
