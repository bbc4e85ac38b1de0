import TesseraCore
import TesseraHTTP

extension Authority {
    /// `GET /`
    func home(_ request: Request, _ visitor: Visitor) async throws -> Response {
        guard let user = visitor.user else {
            return html(HomePage(context: visitor.context(), overview: nil))
        }
        let counts = try await store.countTokens(of: user.id, by: grouping(at: visitor.now))
        return html(
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
