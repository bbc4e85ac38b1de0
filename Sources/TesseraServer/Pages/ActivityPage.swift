import TesseraJOSE

/// Something that happened, in a sentence.
struct ActivityEntry: Sendable {
    /// Without a full stop, such as "You made the token “Backup”".
    var sentence: String
    var at: NumericDate
    /// From where it was asked for; nil if that is not known.
    var address: String?
}

/// `/settings/activity`: what happened to the person's account, newest first.
struct ActivityPage: Page {
    var context: PageContext
    /// In the order in which they are shown; one page of them.
    var entries: [ActivityEntry]
    /// The address of the first page; nil on it.
    var firstPage: String?
    /// The address of the page after; nil on the last.
    var nextPage: String?

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
        if firstPage != nil || nextPage != nil {
            nav(.class("paging"), Attribute("aria-label", "Pages of activity")) {
                if let firstPage { a(.class("button"), .href(firstPage)) { "Newest" } }
                if let nextPage { a(.class("button"), .rel("next"), .href(nextPage)) { "Older" } }
            }
        }
    }
}

extension Page {
    func activityList(_ entries: [ActivityEntry]) -> HTML {
        ul(.class("card lines")) {
            for entry in entries {
                li {
                    span {
                        bdi { entry.sentence }
                        span(.class("help")) {
                            time(entry.at)
                            if let address = entry.address {
                                ", from "
                                code { address }
                            }
                        }
                    }
                }
            }
        }
    }
}
