import TesseraCore
import TesseraHTTP
import TesseraHosting
import TesseraOpenAPI

/// The endpoints by which a load balancer and Prometheus ask about the process.
struct HealthEndpoints: Sendable {
    let store: any StoreHealth
    let lifecycle: Lifecycle

    /// Adds `/healthz`, `/readyz` and `/metrics`.
    func addRoutes(to router: inout Router) {
        router.get("/healthz", Endpoint(.unchecked, alive), .showLiveness)
        router.get("/readyz", Endpoint(.unchecked, ready), .showReadiness)
        router.get("/metrics", handler: metrics)
    }

    /// `GET /healthz`: the process answers.
    private var alive: Responder {
        let answer = Response(.ok, "application/json", Array(#"{"status":"alive"}"#.utf8))
        return Responder(immediate: { _ in answer }, handler: { _ in answer })
    }

    /// `GET /readyz`: the store can be reached and is migrated, and the process is not about to end.
    private func ready(_ request: Request) async throws -> Response {
        guard !lifecycle.isLeaving else {
            throw HTTPError(
                .serviceUnavailable, "This node is about to stop.", fields: [.retryAfter: "1"])
        }
        try await store.checkReadiness()
        return Response(.ok, "application/json", Array(#"{"status":"ready"}"#.utf8))
    }

    /// `GET /metrics`: Prometheus text.
    private func metrics(_ request: Request) async throws -> Response {
        Response(.ok, "text/plain; version=0.0.4; charset=utf-8", Array(lifecycle.metrics.text().utf8))
    }
}

extension APIOperation {
    static let showLiveness = APIOperation(
        "showLiveness", "Ask whether the process answers", in: .service,
        answers: [.ok(.object(.required("status", .choice("alive"))), "It does.")])

    static let showReadiness = APIOperation(
        "showReadiness", "Ask whether requests can be served", in: .service,
        details: "The store can be reached and is migrated, and the process is not about to stop.",
        answers: [
            .ok(.object(.required("status", .choice("ready"))), "They can."),
            .problem(
                .serviceUnavailable, "The store cannot answer at present, or the process is about to stop.",
                fields: [.retryAfter]),
        ])
}
