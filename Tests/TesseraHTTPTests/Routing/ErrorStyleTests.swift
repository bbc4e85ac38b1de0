import TesseraHTTP
import Testing

@Suite struct ErrorStyleTests {
    private static let form = ErrorStyle("form")
    private static let handler: Handler = { _ in Response(.ok) }
    private static let quiet = Responder(handler: handler)
    private struct Plain: RouteDescription {}

    private static var router: Router {
        var router = Router()
        router.get("/", handler: handler)
        router.answerErrors(as: .problem, under: "/api")
        router.get("/api/tokens", handler: handler)
        router.group(under: "/api/forms", errors: form) {
            $0.post("/", handler: handler)
            $0.post("/:id", handler: handler)
            $0.on(.get, "/:id", responder: quiet, description: Plain(), errors: .page)
            $0.group(under: "/inner", errors: .problem) { $0.get("/x", handler: handler) }
        }
        router.on(.get, "/alone/:id", responder: quiet, description: Plain(), errors: form)
        return router
    }

    @Test(arguments: [
        (Method.get, "/", ErrorStyle.page), (.get, "/nothing", .page), (.get, "/api", .page),
        (.get, "/apiary", .page), (.get, "/api/", .problem), (.get, "/api/tokens", .problem),
        (.put, "/api/tokens", .problem), (.get, "/api/nothing/at/all", .problem),
        (.post, "/api/forms", form), (.delete, "/api/forms", form), (.get, "/api/formsX", .problem),
        (.post, "/api/forms/7", form), (.get, "/api/forms/7", .page), (.head, "/api/forms/7", .page),
        (.put, "/api/forms/7", form), (.get, "/api/forms/7/8", form), (.get, "/api/forms/inner/x", .problem),
        (.get, "/api/forms/inner/y", .problem), (.get, "/alone/1", form), (.post, "/alone/1", form),
        (.get, "/alone/1/2", .page), (.get, "/API/tokens", .page),
    ])
    func routeOrElseTheLongestPrefixDecides(_ method: Method, _ path: String, _ style: ErrorStyle) {
        #expect(Self.router.errorStyles.style(of: method, at: path) == style)
    }

    @Test func serviceWithoutRoutesAnswersWithPages() {
        #expect(ErrorStyles().style(of: .get, at: "/api/x") == .page)
    }
}
