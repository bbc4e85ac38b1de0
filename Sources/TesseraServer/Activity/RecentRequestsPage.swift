import TesseraHTML
import TesseraTime

/// A request with a token, as its owner sees it.
struct RequestSummary: Sendable {
    var at: NumericDate
    var method: String
    var path: String
    /// The status of the answer.
    var status: Int
    var outcome: Outcome
    var address: String
    /// The name of the token; nil when that has been deleted.
    var token: String?
    /// The page that explains the refusal; nil when the token was accepted.
    var explanation: String?

    /// The result of the request, at a glance.
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
    /// Indicates that some requests are certainly missing.
    var isSample: Bool
    /// An address to send a first request to.
    var tryAt: String
    var paging = Paging()

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
        links(paging, of: "requests")
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
