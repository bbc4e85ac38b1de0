import TesseraHTML
import TesseraTime

/// A refused request in a list for operators.
struct RefusalSummary: Sendable {
    /// The page that explains it.
    var path: String
    var at: NumericDate
    /// Why, such as `insufficient-scope`.
    var cause: String
    var status: Int
    /// The method and path; nil for a request that was refused unread.
    var request: String?
    var address: String
    /// The e-mail address of whose request it was; nil when that is not known.
    var owner: String?
}

/// `/admin/refusals`: what was refused lately, newest first.
struct RefusalsPage: Page {
    var context: PageContext
    /// In the order in which they are shown; one page of them.
    var refusals: [RefusalSummary]
    /// The causes to choose from.
    var causes: [String]
    /// The cause that was chosen; nil for all.
    var chosen: String?
    /// The retention of refusals, in words.
    var retention: String
    var paging = Paging()

    var title: String { "Refusals" }
    var place: SettingsPlace? { .refusals }

    var content: HTML {
        h1 { "Refusals" }
        p(.class("lead")) {
            "Refused requests of all accounts, kept for \(retention). When very many come at once, a sample."
        }
        form(.class("search"), .role("search"), .action("/admin/refusals")) {
            div(.class("field")) {
                label(.for("cause")) { "Cause" }
                select(.id("cause"), .name("cause")) {
                    option(.value(""), .selected(chosen == nil)) { "Every cause" }
                    for cause in causes {
                        option(.value(cause), .selected(cause == chosen)) { cause }
                    }
                }
            }
            button(.type("submit")) { "Show" }
        }
        if refusals.isEmpty {
            p(.class("card muted")) {
                chosen == nil ? "Nothing was refused." : "Nothing was refused for this cause."
            }
        } else {
            list
        }
        links(paging, of: "refusals")
    }

    private var list: HTML {
        ul(.class("card lines requests")) {
            for refusal in refusals {
                li {
                    div(.class("request")) {
                        span(.class("chip chip-revoked")) {
                            Icon.revoked
                            "\(refusal.status) \(refusal.cause)"
                        }
                        code { refusal.request ?? "unreadable" }
                    }
                    span(.class("help")) {
                        a(.href(refusal.path)) { time(refusal.at) }
                        " from "
                        code { refusal.address }
                        if let owner = refusal.owner {
                            ", by "
                            bdi { owner }
                        }
                    }
                }
            }
        }
    }
}
