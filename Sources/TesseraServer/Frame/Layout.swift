import TesseraHTML

/// The shell of every document: head, header, settings navigation, main part, footer.
///
/// Nothing in it is inline style or script, so the pages work under a policy of
/// `default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self';
/// frame-ancestors 'none'; base-uri 'none'`.
struct Layout: Markup {
    let context: PageContext
    let title: String
    let place: SettingsPlace?
    let beside: HTML?
    let assets: [Asset]
    let content: HTML

    /// The document from its doctype on.
    var document: HTML { HTML([HTML(raw: "<!doctype html>"), page]) }

    private var page: HTML {
        html(.lang("en")) {
            pageHead
            body {
                a(.class("skip"), .href("#main")) { "Skip to content" }
                top
                if let navigation {
                    div(.class("shell with-settings")) {
                        navigation
                        mainPart
                    }
                } else {
                    div(.class("shell")) { mainPart }
                }
                footer(.class("foot")) {
                    p {
                        "Tessera keeps the access tokens of this service. Times are in UTC. "
                        a(.href("/docs")) { "API reference" }
                    }
                }
            }
        }
    }

    private var navigation: HTML? { beside ?? context.person.map(settings(of:)) }

    private var pageHead: HTML {
        head {
            meta(Attribute("charset", "utf-8"))
            meta(.name("viewport"), .content("width=device-width, initial-scale=1"))
            meta(.name("color-scheme"), .content("light dark"))
            documentTitle("\(title) · Tessera")
            if context.person != nil {
                meta(.name("csrf-token"), .content(context.csrf))
            }
            link(.rel("stylesheet"), .href(Assets.stylesheet.path))
            link(.rel("icon"), .type("image/svg+xml"), .href(Assets.favicon.path))
            script(.src(Assets.script.path), .defer)
            for asset in assets {
                if asset.isScript {
                    script(.src(asset.path), .defer)
                } else {
                    link(.rel("stylesheet"), .href(asset.path))
                }
            }
        }
    }

    private var top: HTML {
        header(.class("top")) {
            div(.class("top-inner")) {
                a(.class("brand"), .href("/")) {
                    Icon.mark
                    span { "Tessera" }
                }
                if let person = context.person {
                    form(.class("who"), .action("/logout"), .post) {
                        input(.type("hidden"), .name("csrf"), .value(context.csrf))
                        span(.class("who-email")) {
                            span(.class("unseen")) { "Signed in as " }
                            bdi { person.email }
                        }
                        button(.class("quiet"), .type("submit")) { "Sign out" }
                    }
                }
            }
        }
    }

    /// One navigation for all widths: beside the page where there is room, folded under its summary on a phone.
    private func settings(of person: PageContext.Person) -> HTML {
        details(.class("settings")) {
            summary {
                Icon.menu
                span { "Settings" }
            }
            nav(Attribute("aria-label", "Settings")) {
                p(.class("settings-who")) {
                    "Signed in as "
                    bdi { person.email }
                }
                entries(SettingsPlace.allCases.filter { !$0.isOperation })
                if person.isOperator {
                    p(.class("settings-group"), .id("operation")) { "Operation" }
                    entries(
                        SettingsPlace.allCases.filter(\.isOperation),
                        Attribute("aria-labelledby", "operation"))
                }
            }
        }
    }

    private func entries(_ places: [SettingsPlace], _ attributes: Attribute...) -> HTML {
        HTML(
            element: "ul", attributes,
            content: HTML(
                places.map { entry in
                    li {
                        a(
                            .href(entry.path), .when(entry == place, Attribute("aria-current", "page"))
                        ) { entry.name }
                    }
                }))
    }

    private var mainPart: HTML {
        main(.id("main"), Attribute("tabindex", "-1")) {
            if let notice = context.notice {
                div(.class("notice"), .role("status")) {
                    Icon.done
                    p { notice }
                }
            }
            content
        }
    }
}
