import TesseraTime

/// The facts that every page knows about its request.
struct PageContext: Sendable {
    /// The instant that "2 hours ago" is counted from.
    var now: NumericDate
    /// The person who is signed in; nil for a visitor.
    var person: Person?
    /// The token against forged requests that every form sends back in the field `csrf`.
    var csrf: String
    /// A message about the last action, shown once at the top of the page.
    var notice: String?

    /// The person signed in, as the header names them.
    struct Person: Sendable {
        var email: String
        /// Indicates that the navigation shows the pages for operators.
        var isOperator = false
    }

    init(now: NumericDate, person: Person? = nil, csrf: String, notice: String? = nil) {
        self.now = now
        self.person = person
        self.csrf = csrf
        self.notice = notice
    }
}
