import TesseraCore
import TesseraHTML
import TesseraTime

/// Something that happened, in a sentence.
struct ActivityEntry: Sendable {
    /// Without a full stop, such as "You made the token “Backup”".
    var sentence: String
    var at: NumericDate
    /// From where it was asked for; nil if that is not known.
    var address: String?
    /// The page of the account that it concerns, for operators; nil where it concerns the reader, or no account.
    var person: Person?

    struct Person: Sendable, Hashable {
        var name: String
        var path: String
    }
}

extension ActivityEntry {
    /// An event as the person sees it whom it concerns.
    init(_ event: AuditEvent, for reader: User.ID) {
        self.init(
            sentence: ActivitySentence(event, for: reader).text, at: event.at, address: event.address)
    }
}

extension UserStore {
    /// The events in words for an operator. Users in `known` are not looked up; `links` adds links to the accounts.
    func activityEntries(
        _ events: some Sequence<AuditEvent> & Sendable, naming known: [User], linking links: Bool
    ) async throws(StoreError) -> [ActivityEntry] {
        var names = Dictionary(uniqueKeysWithValues: known.map { ($0.id, $0.email.text as String?) })
        for event in events {
            var people = event.user.map { [$0] } ?? []
            if case .user(let id) = event.actor { people.append(id) }
            for id in people where names[id] == nil {
                names[id] = .some(try await user(id)?.email.text)
            }
        }
        return events.map { event in
            var entry = ActivityEntry(
                sentence: ActivitySentence(
                    event, naming: { (names[$0] ?? nil) ?? "a user who was removed" }
                )
                .text,
                at: event.at, address: event.address)
            if links, let id = event.user, let name = names[id] ?? nil {
                entry.person = .init(name: name, path: "/admin/users/\(id)")
            }
            return entry
        }
    }
}

extension Page {
    /// The events in a list.
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
