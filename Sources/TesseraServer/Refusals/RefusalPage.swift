import TesseraHTML
import TesseraTime

/// Why a request was refused, for its owner or the operator.
struct RefusalView: Sendable {
    /// The identifier from the field `Tessera-Refusal`.
    var id: String
    /// The cause in a few words, such as "The token has expired".
    var title: String
    /// The cause in a sentence.
    var sentence: String
    /// The advice, in a sentence or two.
    var advice: String
    /// The known facts of the request: time, method and path, token, address.
    var facts: [Fact]
    /// The pages that help the reader to follow the advice.
    var links: [Link] = []

    struct Link: Sendable {
        /// As in "See the token".
        var label: String
        var path: String
    }

    struct Fact: Sendable {
        var label: String
        var value: Value
    }

    enum Value: Sendable {
        case text(String)
        /// Something for machines, in monospace: a path, an address.
        case code(String)
        case time(NumericDate)
        /// Scope names as chips; "none" if there are none.
        case scopes([String])
    }
}

/// `/refusals/ID`.
struct RefusalPage: Page {
    var context: PageContext
    var refusal: RefusalView

    var title: String { "Refused request" }

    var content: HTML {
        p(.class("kicker")) { "Refused request" }
        h1 { refusal.title }
        p(.class("lead")) { refusal.sentence }
        section(.class("card"), Attribute("aria-labelledby", "advice")) {
            h2(.id("advice")) { "What to do" }
            p { refusal.advice }
            if !refusal.links.isEmpty {
                p(.class("actions")) {
                    for link in refusal.links { a(.class("button"), .href(link.path)) { link.label } }
                }
            }
        }
        section(Attribute("aria-labelledby", "facts")) {
            h2(.id("facts")) { "The request" }
            dl(.class("sheet")) {
                for fact in refusal.facts {
                    dt { fact.label }
                    dd { value(fact.value) }
                }
                dt { "Refusal" }
                dd { code { refusal.id } }
            }
        }
        if context.person != nil {
            p { a(.class("button"), .href("/settings/tokens")) { "Your tokens" } }
        }
    }

    @HTMLBuilder private func value(_ value: RefusalView.Value) -> HTML {
        switch value {
        case .text(let text): bdi { text }
        case .code(let text): code { text }
        case .time(let instant):
            TimePhrase(instant, now: context.now).exact
            " ("
            time(instant)
            ")"
        case .scopes(let scopes):
            if scopes.isEmpty { "none" } else { scopeChips(scopes) }
        }
    }
}

/// The same answer for a refusal that does not exist, was deleted, or belongs to another account.
struct RefusalNotFoundPage: Page {
    var context: PageContext
    /// The retention of refusals, in words.
    var retention: String

    var title: String { "No such refusal" }

    var content: HTML {
        p(.class("kicker")) { "Refused request" }
        h1 { "Nothing to show here" }
        p(.class("lead")) {
            "There is no refusal with this number, or it is not about a token of yours. Refusals are kept for \(retention)."
        }
        if context.person == nil {
            p { "If the token is yours, sign in to see why it was refused." }
            p { a(.class("button primary"), .href("/login")) { "Sign in" } }
        } else {
            p { a(.class("button"), .href("/settings/tokens")) { "Your tokens" } }
        }
    }
}
