import TesseraCore
import TesseraJSON
import TesseraTime

/// `tessera token requests ID`
enum TokenRequests {
    private static let id = Parameter.positional(
        .tokenID, "The identifier of the token, from ‘tessera token list’.")
    private static let limit = Parameter.option(
        "--limit", .number("N", in: 1...10_000), default: "50", "The maximum number of requests.")

    static let command = Command(
        "requests", "List the recent requests with a token and their results, newest first.",
        details: """
            A server stores requests within two seconds, and keeps them for a day unless ‘serve \
            --keep-requests’ sets a different time. When there are very many at once, it keeps a sample.
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
            invocation.console.note("There are no recent requests.")
        } else {
            let heading = ["WHEN", "STATUS", "REQUEST", "FROM", "CAUSE", "REFUSAL"]
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
