import TesseraHTML

/// `/settings/tokens/ID/revoke`: what revoking will break, and the button that does it.
struct RevokeTokenPage: Page {
    var context: PageContext
    var token: TokenSummary

    var title: String { "Revoke token" }
    var place: SettingsPlace? { .tokens }

    var content: HTML {
        h1 {
            "Revoke “"
            bdi { token.name }
            "”?"
        }
        p(.class("lead")) {
            "Programs that use this token are refused from their next request on. This cannot be undone; you would have to "
            "make a new token and put it in place of this one."
        }
        section(.class("card danger-zone stack"), Attribute("aria-labelledby", "what-breaks")) {
            h2(.id("what-breaks")) { "What will stop working" }
            dl(.class("sheet")) {
                dt { "Token" }
                dd { tokenHint(token) }
                dt { "Last used" }
                dd {
                    lastUse(of: token)
                    if token.lastUsed != nil { ". Something may still depend on it." }
                }
                dt { "Scopes" }
                dd { scopeChips(token.scopes) }
                dt { "Created" }
                dd { time(token.created) }
                dt { "Expires" }
                dd { time(orNever: token.expires) }
            }
            dangerForm("Revoke token", action: "\(token.path)/revoke", cancel: token.path)
        }
    }
}
