import TesseraCore
import TesseraHTTP

/// `/`: the start page, and the files that pages refer to.
struct HomeRoutes: Sendable {
    let pages: PageAccess
    let tokens: TokenSummaries

    func addRoutes(to router: inout Router) {
        router.get("/", handler: pages.visit(home))
        for asset in Assets.all { router.get(asset.path, handler: serve(asset)) }
    }

    /// `GET /`
    func home(_ request: Request, _ visitor: Visitor) async throws -> Response {
        guard let user = visitor.user else {
            return pages.html(HomePage(context: visitor.context(), overview: nil))
        }
        let counts = try await tokens.counts(of: user.id, at: visitor.now)
        return pages.html(
            HomePage(
                context: visitor.context(),
                overview: .init(
                    activeTokens: counts[.active], expiringSoon: counts[.expiring],
                    disabledTokens: counts[.disabled])))
    }

    /// A file that pages refer to. Its path changes with its content, so that a browser may keep it for ever.
    func serve(_ asset: Asset) -> Handler {
        let response = Response(
            .ok,
            fields: [.contentType: asset.mediaType, .cacheControl: "public, max-age=31536000, immutable"],
            body: .bytes(asset.bytes))
        return { _ in response }
    }
}
