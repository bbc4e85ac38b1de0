import TesseraCore
import TesseraHTTP

extension Authority {
    /// `GET /`
    func home(_ request: Request, _ visitor: Visitor) async throws -> Response {
        guard let user = visitor.user else {
            return html(HomePage(context: visitor.context(), overview: nil))
        }
        let states = try await store.tokens(of: user.id, before: nil, limit: 1_000).map {
            summary(of: $0, at: visitor.now).state
        }
        return html(
            HomePage(
                context: visitor.context(),
                overview: .init(
                    activeTokens: states.count { $0.isUsable },
                    expiringSoon: states.count { $0 == .expiresSoon })))
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
