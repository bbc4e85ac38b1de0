import TesseraCore
import TesseraHTTP
import TesseraTime

/// The page on which operators see what was refused.
extension Authority {
    private static let refusalPageSize = 30

    /// `GET /admin/refusals?cause=CAUSE`
    func showRefusals(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let query = try request.queryParameters()
        let chosen = try single("cause", in: query).flatMap { RefusalCause(rawValue: $0) }
        let cursor = try single("before", in: query).flatMap { Refusal.ID($0) }
        let filter = RefusalFilter(cause: chosen, before: cursor)
        let found = try await store.refusals(filter, limit: Self.refusalPageSize + 1)
        let shown = found.prefix(Self.refusalPageSize)
        var owners: [User.ID: String] = [:]
        for owner in Set(shown.compactMap(\.owner)) {
            owners[owner] = try await store.user(owner)?.email.text
        }
        let choice = chosen.map { "cause=\($0.rawValue)" }
        return html(
            RefusalsPage(
                context: person.context(), refusals: shown.map { summary($0, owners) },
                causes: RefusalCause.allCases.map(\.rawValue), chosen: chosen?.rawValue,
                retention: DurationText.words(configuration.retention.refusals),
                firstPage: cursor == nil ? nil : "/admin/refusals" + (choice.map { "?\($0)" } ?? ""),
                nextPage: found.count > shown.count
                    ? shown.last.map { "?" + (choice.map { "\($0)&" } ?? "") + "before=\($0.id)" } : nil))
    }

    private func summary(_ refusal: Refusal, _ owners: [User.ID: String]) -> RefusalSummary {
        RefusalSummary(
            path: "/refusals/\(refusal.id)", at: refusal.at, cause: refusal.cause.rawValue,
            status: refusal.status,
            request: refusal.method.isEmpty ? nil : "\(refusal.method) \(refusal.path)",
            address: refusal.address, owner: refusal.owner.flatMap { owners[$0] })
    }
}
