/// Something went wrong, said to a person.
struct ErrorPage: Page {
    var context: PageContext
    /// The HTTP status of the answer.
    var status: Int
    /// What it is, such as "Page not found".
    var title: String
    /// What to do now, in a sentence.
    var sentence: String
    /// The identifier that leads to the reason, if there is one.
    var refusalID: String?

    var content: HTML {
        p(.class("kicker")) { "Error \(status)" }
        h1 { title }
        p(.class("lead")) { sentence }
        if let refusalID {
            p {
                "The reason is kept under "
                a(.href("/refusals/\(refusalID)")) { code { refusalID } }
                "."
            }
        }
        p { a(.class("button"), .href("/")) { "Go to the start page" } }
    }
}
