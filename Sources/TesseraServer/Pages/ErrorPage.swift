import TesseraHTML

/// Something went wrong, said to a person.
struct ErrorPage: Page {
    var context: PageContext
    /// The HTTP status of the answer.
    var status: Int
    /// What it is, such as "Page not found".
    var title: String
    /// What to do now, in a sentence.
    var sentence: String
    /// Where the reason is kept, if it is.
    var reason: Reason?

    struct Reason: Sendable {
        /// The identifier that leads to it.
        var refusal: String
        /// Whether whoever sees this page may look the reason up: a refusal that belongs to somebody who is signed in.
        var isForTheReader: Bool
    }

    var content: HTML {
        p(.class("kicker")) { "Error \(status)" }
        h1 { title }
        p(.class("lead")) { sentence }
        if let reason {
            p {
                if reason.isForTheReader {
                    "The reason is kept under "
                    a(.href("/refusals/\(reason.refusal)")) { code { reason.refusal } }
                    "."
                } else {
                    "Give this number to whoever runs the service, if you ask about it: "
                    code { reason.refusal }
                }
            }
        }
        p { a(.class("button"), .href("/")) { "Go to the start page" } }
    }
}
