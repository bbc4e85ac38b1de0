import TesseraTime

/// Something that happened, in a sentence.
struct ActivityEntry: Sendable {
    /// Without a full stop, such as "You made the token “Backup”".
    var sentence: String
    var at: NumericDate
    /// From where it was asked for; nil if that is not known.
    var address: String?
    /// The page of whom it concerns, for operators; nil where it concerns the reader, or nobody.
    var person: Person?

    struct Person: Sendable, Hashable {
        var name: String
        var path: String
    }
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
        activityPaging(first: firstPage, next: nextPage)
    }
}

extension Page {
    /// Leads to the newest page, and to the one after this; nothing where there is but one.
    @HTMLBuilder func activityPaging(first: String?, next: String?) -> HTML {
        if first != nil || next != nil {
            nav(.class("paging"), Attribute("aria-label", "Pages of activity")) {
                if let first { a(.class("button"), .href(first)) { "Newest" } }
                if let next { a(.class("button"), .rel("next"), .href(next)) { "Older" } }
            }
        }
    }

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
                            if let person = entry.person {
                                " · "
                                a(.href(person.path)) { bdi { person.name } }
                            }
                        }
                    }
                }
            }
        }
    }
}
