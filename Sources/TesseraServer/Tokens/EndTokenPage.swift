import TesseraHTML

/// `/settings/tokens/ID/end`: what ending a replaced token before its time would break, and the button that does it.
struct EndTokenPage: Page {
    var context: PageContext
    /// The old token.
    var token: TokenSummary
    /// The one that takes its place; nil if that is deleted.
    var successor: TokenSummary?

    var title: String { "End token" }
    var place: SettingsPlace? { .tokens }

    var content: HTML {
        h1 {
            "End the old “"
            bdi { token.name }
            "” now?"
        }
        p(.class("lead")) {
            "Programs that still use the old token are refused from their next request on. This cannot be undone. The new "
            "token is not touched."
        }
        section(.class("card danger-zone stack"), Attribute("aria-labelledby", "what-breaks")) {
            h2(.id("what-breaks")) { "What will stop working" }
            dl(.class("sheet")) {
                dt { "Old token" }
                dd { tokenHint(token) }
                dt { "Last used" }
                dd { lastUse(of: token) }
                dt { "Would end" }
                dd { time(orNever: token.expires) }
                if let successor {
                    dt { "New token" }
                    dd { tokenHint(successor) }
                    dt { "Last used" }
                    dd { lastUse(of: successor) }
                }
            }
            dangerForm("End old token", action: "\(token.path)/end", cancel: token.path)
        }
    }
}
