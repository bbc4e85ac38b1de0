import TesseraHTML

/// `/admin/activity`: what happened in all accounts, or in one of them, newest first.
struct EverybodysActivityPage: Page {
    var context: PageContext
    /// The account whose activity is shown; nil for all accounts.
    var person: ActivityEntry.Person?
    /// In the order in which they are shown; one page of them.
    var entries: [ActivityEntry]
    var paging = Paging()

    var title: String { person.map { "Activity of \($0.name)" } ?? "Everybody’s activity" }
    var place: SettingsPlace? { .everybodysActivity }

    var content: HTML {
        if let person {
            h1 {
                "Activity of "
                bdi { person.name }
            }
            p(.class("actions")) {
                a(.class("button"), .href(person.path)) { "Their account" }
                a(.class("button quiet"), .href("/admin/activity")) { "Everybody’s activity" }
            }
        } else {
            h1 { "Everybody’s activity" }
            p(.class("lead")) {
                "What was done with all accounts, tokens and scopes, by whom and from where."
            }
        }
        if entries.isEmpty {
            p(.class("card muted")) { "Nothing from before that." }
        } else {
            activityList(entries)
        }
        links(paging, of: "activity")
    }
}
