import TesseraCore
import TesseraHTTP
import TesseraHosting
import TesseraTime

/// `/admin/status`: the page on which operators see the state of the store and of the jobs.
struct StatusRoutes: Sendable {
    let pages: PageAccess
    let store: any OperationStore
    let board: JobBoard

    func addRoutes(to router: inout Router) {
        router.get("/admin/status", handler: pages.operatorPage(showStatus))
    }

    /// `GET /admin/status`
    func showStatus(_ request: Request, _ person: SignedInVisitor) async throws -> Response {
        let census = try await store.census(at: person.now)
        // Those of this process are younger than what it has written down of them.
        var runs = board.records.map(\.last)
        if runs.isEmpty { runs = try await store.jobRuns() }
        return pages.html(
            StatusPage(
                context: person.context(), size: census.size.map(Self.bytes),
                logSize: census.logSize.map(Self.bytes),
                rows: census.rows.map { rows in
                    StatusPage.Rows(
                        name: rows.table.rawValue.replacing("-", with: " "), live: rows.live,
                        dead: rows.dead, isEstimate: !rows.isExact)
                },
                jobs: runs.map { run in
                    StatusPage.Job(
                        name: run.job.rawValue, lastRun: run.at, duration: Self.milliseconds(run.duration),
                        rows: run.rows, waiting: run.waiting, complaint: run.complaint)
                }))
    }

    /// In whole megabytes from one on.
    private static func bytes(_ count: Int) -> String {
        count < 1_000_000 ? "\((count + 999) / 1_000) kB" : "\((count + 999_999) / 1_000_000) MB"
    }

    /// Whole ones, rounded up: nothing takes no time.
    private static func milliseconds(_ duration: Duration) -> String {
        "\(Int((duration / .milliseconds(1)).rounded(.up))) ms"
    }
}
