import TesseraHTML

/// Something went wrong, said to a person.
struct ErrorPage: Page {
    var context: PageContext
    /// The HTTP status of the answer.
    var status: Int
    /// The title, such as "Page not found".
    var title: String
    /// The explanation, in a sentence.
    var sentence: String
    /// The place of the reason, if one is kept.
    var reason: Reason?

    struct Reason: Sendable {
        /// The identifier that leads to it.
        var refusal: String
        /// Indicates that the reader may look the reason up, because the refusal is theirs.
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
                    "Give this number to the operator of the service if you ask about it: "
                    code { reason.refusal }
                }
            }
        }
        p { a(.class("button"), .href("/")) { "Go to the start page" } }
    }
}
