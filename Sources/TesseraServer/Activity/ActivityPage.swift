import TesseraHTML

/// `/settings/activity`: what happened to the person's account, newest first.
struct ActivityPage: Page {
    var context: PageContext
    /// In the order in which they are shown; one page of them.
    var entries: [ActivityEntry]
    var paging = Paging()

    var title: String { "Activity" }
    var place: SettingsPlace? { .activity }

    var content: HTML {
        h1 { "Activity" }
        p(.class("lead")) {
            "What was done with your account, and from where. If you see something that was not you, change your password."
        }
        if entries.isEmpty {
            p(.class("card muted")) { "Nothing from before that." }
        } else {
            activityList(entries)
        }
        links(paging, of: "activity")
    }
}
