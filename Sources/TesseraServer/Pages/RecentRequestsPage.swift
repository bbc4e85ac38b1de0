import TesseraTime

/// A request with a token, as its owner sees it.
struct RequestSummary: Sendable {
    var at: NumericDate
    var method: String
    var path: String
    /// What it was answered with.
    var status: Int
    var outcome: Outcome
    var address: String
    /// The name of the token; nil when that has been deleted.
    var token: String?
    /// Where it is explained why the token was refused; nil when it was accepted.
    var explanation: String?

    /// What became of it, at a glance.
    enum Outcome: Sendable {
        case done
        /// The token was accepted, the request was not.
        case failed
        /// The token was refused.
        case refused
    }
}

/// `/settings/requests`: what programs have asked for with the person's tokens, newest first.
struct RecentRequestsPage: Page {
    var context: PageContext
    /// In the order in which they are shown; one page of them.
    var requests: [RequestSummary]
    /// The tokens that can be chosen, by identifier and name.
    var tokens: [(id: String, name: String)]
    /// The identifier of the token whose requests are shown; nil for those of all.
    var chosen: String?
    /// Why something may be missing here, in sentences.
    var caveat: String
    /// Whether something is certainly missing.
    var isSample: Bool
    /// What a request to try can be sent to.
    var tryAt: String
    /// The address of the first page; nil on it.
    var firstPage: String?
    /// The address of the page after; nil on the last.
    var nextPage: String?

    var title: String { "Recent requests" }
    var place: SettingsPlace? { .requests }

    var content: HTML {
        h1 { "Recent requests" }
        p(.class("lead")) {
            "What programs asked for with your tokens, and what they got. Written down within a second or two."
        }
        if !tokens.isEmpty { filter }
        if isSample {
            div(.class("warn")) {
                Icon.clock
                p { "More requests came than are kept: this is a sample." }
            }
        }
        if requests.isEmpty { nothingYet } else { list }
        p(.class("help")) { caveat }
        if firstPage != nil || nextPage != nil {
            nav(.class("paging"), Attribute("aria-label", "Pages of requests")) {
                if let firstPage { a(.class("button"), .href(firstPage)) { "Newest" } }
                if let nextPage { a(.class("button"), .rel("next"), .href(nextPage)) { "Older" } }
            }
        }
    }

    private var filter: HTML {
        form(.class("search"), .role("search"), .action("/settings/requests")) {
            div(.class("field")) {
                label(.for("token")) { "Token" }
                select(.id("token"), .name("token")) {
                    option(.value(""), .selected(chosen == nil)) { "All tokens" }
                    for token in tokens {
                        option(.value(token.id), .selected(token.id == chosen)) { token.name }
                    }
                }
            }
            button(.type("submit")) { "Show" }
        }
    }

    private var nothingYet: HTML {
        div(.class("card empty")) {
            Icon.mark
            h2 { "No requests lately" }
            p { "Send one with a token of yours, and look at this page again:" }
            pre(.class("example")) { "curl -H \"Authorization: Bearer $TOKEN\" \(tryAt)" }
        }
    }

    private var list: HTML {
        ul(.class("card lines requests")) {
            for request in requests {
                li {
                    div(.class("request")) {
                        chip(request)
                        code { "\(request.method) \(request.path)" }
                    }
                    span(.class("help")) {
                        time(request.at)
                        " from "
                        code { request.address }
                        if let token = request.token {
                            ", with "
                            bdi { token }
                        } else {
                            ", with a token that is gone"
                        }
                        if let explanation = request.explanation {
                            " · "
                            a(.href(explanation)) { "Why it was refused" }
                        }
                    }
                }
            }
        }
    }

    private func chip(_ request: RequestSummary) -> HTML {
        let (kind, icon, word) =
            switch request.outcome {
            case .done: ("active", Icon.done, "Answered")
            case .failed: ("soon", Icon.ended, "Failed")
            case .refused: ("revoked", Icon.revoked, "Refused")
            }
        return span(.class("chip chip-\(kind)")) {
            icon
            "\(word) \(request.status)"
        }
    }
}
