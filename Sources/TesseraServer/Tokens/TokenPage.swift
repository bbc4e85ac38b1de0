import TesseraHTML
import TesseraTime

/// `/settings/tokens/ID`: everything about one token, and what can be done with it.
struct TokenPage: Page {
    var context: PageContext
    var token: TokenSummary
    var history = History()
    /// The notes of its owner, in the order of their names.
    var metadata: [Note] = []
    /// Indicates that a new one may take its place.
    var canBeRotated: Bool
    /// The time without use after which a token that is being replaced ends early, in words; nil for any other token.
    var quietTime: String?
    /// The address of the form for a new token, filled in like this one.
    var newLikeThis: String
    /// Why what was just asked for was not done; nil if nothing was refused.
    var problem: String?

    /// The tokens before and after it.
    struct History: Sendable {
        /// Nil if it was the first.
        var replaces: Relative?
        /// Nil if it is the last.
        var replacedBy: Relative?
        /// Nil if it is not disabled.
        var disabled: NumericDate?
    }

    /// Another token of the same line.
    enum Relative: Sendable {
        case known(TokenSummary)
        /// It ended long ago, and was deleted.
        case deleted
    }

    struct Note: Sendable {
        var name: String
        var text: String
    }

    var title: String { problem == nil ? token.name : "Error: \(token.name)" }
    var place: SettingsPlace? { .tokens }

    var content: HTML {
        div {
            p(.class("kicker")) { a(.href("/settings/tokens")) { "Access tokens" } }
            h1 { bdi { token.name } }
            p(.class("token-head chips")) { tokenChips(token) }
        }
        if let problem { ErrorSummary(heading: problem).html }
        if token.state == .beingReplaced { overlap }
        section(.class("card stack"), Attribute("aria-label", "About this token")) {
            facts
            requests
        }
        if !metadata.isEmpty { notes }
        if token.state.isUsable {
            actions
            danger
        } else {
            another
        }
    }

    private var facts: HTML {
        dl(.class("sheet")) {
            dt { "Token" }
            dd { tokenHint(token) }
            dt { "Scopes" }
            dd { scopeChips(token.scopes) }
            dt { "Created" }
            dd { exact(token.created) }
            dt { "Last used" }
            dd { lastUse(of: token) }
            dt { Self.nameOfEnd(token.state) }
            dd { if let expires = token.expires { exact(expires) } else { "Never" } }
            if let revoked = token.revoked {
                dt { "Revoked" }
                dd { exact(revoked) }
            }
            if let disabled = history.disabled {
                dt { "Disabled" }
                dd { exact(disabled) }
            }
            if let replaces = history.replaces {
                dt { "Replaces" }
                dd { relative(replaces) }
            }
            if let replacedBy = history.replacedBy {
                dt { "Replaced by" }
                dd { relative(replacedBy) }
            }
        }
    }

    private var requests: HTML {
        p { a(.href("/settings/requests?token=\(token.id)")) { "Recent requests with this token" } }
    }

    private static func nameOfEnd(_ state: TokenSummary.State) -> String {
        switch state {
        case .expired: "Expired"
        case .beingReplaced: "Ends"
        default: "Expires"
        }
    }

    @HTMLBuilder private func relative(_ relative: Relative) -> HTML {
        switch relative {
        case .known(let token):
            tokenLink(token)
            " "
            tokenHint(token)
        case .deleted: span(.class("muted")) { "a token that is deleted by now" }
        }
    }

    private var notes: HTML {
        section(.class("card"), Attribute("aria-labelledby", "notes")) {
            h2(.id("notes")) { "Metadata" }
            p(.class("help")) { "Returned to programs that check the token." }
            dl(.class("sheet")) {
                for note in metadata {
                    dt { code { bdi { note.name } } }
                    dd { bdi { note.text } }
                }
            }
        }
    }
}

// MARK: - What can be done with it

extension TokenPage {
    private var overlap: HTML {
        section(.class("card stack"), Attribute("aria-labelledby", "overlap")) {
            div {
                h2(.id("overlap")) { "This token is being replaced" }
                p {
                    "It ends "
                    time(orNever: token.expires)
                    ". Give the new token to the programs that still use this one."
                    if let quietTime {
                        " Once the new one is in use, and this one was not used for \(quietTime), it ends by itself."
                    }
                }
            }
            dl(.class("sheet")) {
                dt { "This one" }
                dd {
                    if token.lastUsed != nil { "last used " }
                    lastUse(of: token)
                }
                if case .known(let successor) = history.replacedBy {
                    dt { "The new one" }
                    dd {
                        if successor.lastUsed != nil { "last used " }
                        lastUse(of: successor)
                    }
                }
            }
            if isQuiet {
                p(.class("help")) {
                    "The new one is in use, and nothing has used this one since it was made."
                }
            }
            p { a(.class("button danger-quiet"), .href("\(token.path)/end")) { "End now" } }
        }
    }

    /// Indicates that no program seems to need it any more.
    private var isQuiet: Bool {
        guard case .known(let successor) = history.replacedBy, successor.lastUsed != nil else { return false }
        return token.lastUsed.map { $0 < successor.created } ?? true
    }

    private var actions: HTML {
        section(.class("stack"), Attribute("aria-labelledby", "actions")) {
            h2(.id("actions")) { "Change it" }
            ul(.class("action-list card")) {
                action("Name", "Programs that use it are not affected.") {
                    a(.class("button"), .href("\(token.path)/rename")) { "Rename" }
                }
                action("Expiry", "Let it live longer, or end earlier.") {
                    a(.class("button"), .href("\(token.path)/expiry")) { "Change expiry" }
                }
                if canBeRotated {
                    action(
                        "String",
                        "Make a new token in its place. This one goes on for as long as you choose."
                    ) {
                        a(.class("button"), .href("\(token.path)/rotate")) { "Rotate" }
                    }
                }
                if token.state == .disabled {
                    action("Use", "It is refused at present. Nothing else has changed.") {
                        actionForm("enable", "Enable")
                    }
                } else {
                    action("Use", "Refuse it until you enable it again.") { actionForm("disable", "Disable") }
                }
            }
        }
    }

    private func action(_ name: String, _ help: String, @HTMLBuilder control: () -> HTML) -> HTML {
        li {
            p {
                strong { name }
                " "
                span(.class("help")) { help }
            }
            control()
        }
    }

    private func actionForm(_ verb: String, _ name: String) -> HTML {
        form(.action("\(token.path)/\(verb)"), .post) {
            csrfField
            button(.type("submit")) { name }
        }
    }

    private var danger: HTML {
        section(.class("card danger-zone stack"), Attribute("aria-labelledby", "danger")) {
            div {
                h2(.id("danger")) { "Revoke it" }
                p { "Programs that use it are refused from then on. This cannot be undone." }
            }
            p { a(.class("button danger-quiet"), .href("\(token.path)/revoke")) { "Revoke" } }
        }
    }

    /// A token that has ended stays so; one like it is a link away.
    private var another: HTML {
        div(.class("stack")) {
            p(.class("muted")) {
                "This token has ended, and stays so. It is kept for a while, so that a program that presents it can be told "
                "why it is refused."
            }
            p { a(.class("button"), .href(newLikeThis)) { "New token like this one" } }
        }
    }
}
