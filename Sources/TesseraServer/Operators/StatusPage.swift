import TesseraHTML
import TesseraTime

/// `/admin/status`: what the store holds, and how the work in the background goes.
struct StatusPage: Page {
    /// The rows of one table.
    struct Rows: Sendable {
        var name: String
        var live: Int
        var dead: Int
        /// Indicates that the numbers are estimates.
        var isEstimate: Bool
    }

    /// The last run of a job.
    struct Job: Sendable {
        var name: String
        var lastRun: NumericDate
        /// In words, such as `12 ms`.
        var duration: String
        var rows: Int
        /// The number that was left for the next run; nil where that is not known.
        var waiting: Int?
        /// The error of the store; nil after a success.
        var complaint: String?
    }

    var context: PageContext
    /// The size of the database and of its log in words; nil where there is none.
    var size: String?
    var logSize: String?
    var rows: [Rows]
    var jobs: [Job]

    var title: String { "Status" }
    var place: SettingsPlace? { .status }

    var content: HTML {
        h1 { "Status" }
        p(.class("lead")) { "What the database holds, and how the work in the background goes." }
        if size != nil || logSize != nil {
            dl(.class("card sheet")) {
                if let size {
                    dt { "Database" }
                    dd { size }
                }
                if let logSize {
                    dt { "Its log" }
                    dd { logSize }
                }
            }
        }
        section {
            h2 { "Rows" }
            ul(.class("card lines")) {
                for rows in rows { entry(rows) }
            }
        }
        section {
            h2 { "Jobs" }
            if jobs.isEmpty {
                p(.class("card muted")) { "None has run yet." }
            } else {
                ul(.class("card lines")) {
                    for job in jobs { entry(job) }
                }
            }
        }
    }

    private func entry(_ rows: Rows) -> HTML {
        li(.class("meter")) {
            span { rows.name }
            bar(rows)
            span(.class("help")) {
                "\(count(rows.live, rows.isEstimate)) live, \(count(rows.dead, rows.isEstimate)) dead"
            }
        }
    }

    /// The share of the living and of the dead, in a picture that says nothing which the text beside it does not.
    private func bar(_ rows: Rows) -> HTML {
        let total = max(1, rows.live + rows.dead)
        // A single dead row among a million is there all the same.
        let dead = rows.dead == 0 ? 0 : max(1, rows.dead * 100 / total)
        let live = rows.live + rows.dead == 0 ? 0 : 100 - dead
        return HTML(
            element: "svg",
            [
                .class("bar"), Attribute("viewBox", "0 0 100 8"), Attribute("preserveAspectRatio", "none"),
                Attribute("aria-hidden", "true"), Attribute("focusable", "false"),
            ],
            content: HTML([
                rect("bar-ground", from: 0, width: 100), rect("bar-live", from: 0, width: live),
                rect("bar-dead", from: live, width: dead),
            ]))
    }

    private func rect(_ name: String, from start: Int, width: Int) -> HTML {
        HTML(
            element: "rect",
            [
                .class(name), Attribute("x", "\(start)"), Attribute("width", "\(width)"),
                Attribute("height", "8"),
            ], content: HTML())
    }

    private func entry(_ job: Job) -> HTML {
        li {
            div(.class("request")) {
                if job.complaint == nil {
                    span(.class("chip chip-active")) {
                        Icon.done
                        "Fine"
                    }
                } else {
                    span(.class("chip chip-revoked")) {
                        Icon.revoked
                        "Fails"
                    }
                }
                code { job.name }
            }
            span(.class("help")) {
                time(job.lastRun)
                ", \(job.duration), \(count(job.rows)) rows"
                if let waiting = job.waiting { ", \(count(waiting)) waiting" }
                if let complaint = job.complaint { ": \(complaint)" }
            }
        }
    }

    /// With a comma between thousands.
    private func count(_ number: Int, _ isEstimate: Bool = false) -> String {
        var text = ""
        for (index, digit) in String(number).reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return (isEstimate ? "about " : "") + String(text.reversed())
    }
}
