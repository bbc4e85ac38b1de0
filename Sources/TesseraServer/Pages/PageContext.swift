import TesseraTime

/// What every page knows about the request that asked for it.
struct PageContext: Sendable {
    /// The instant that "2 hours ago" is counted from.
    var now: NumericDate
    /// Who is signed in; nil for nobody.
    var person: Person?
    /// The token against forged requests that every form sends back in the field `csrf`.
    var csrf: String
    /// What has just happened, said once at the top of the page.
    var notice: String?

    /// The person signed in, as the header names them.
    struct Person: Sendable {
        var email: String
        /// Whether the pages of the operation are for them.
        var isOperator = false
    }

    init(now: NumericDate, person: Person? = nil, csrf: String, notice: String? = nil) {
        self.now = now
        self.person = person
        self.csrf = csrf
        self.notice = notice
    }
}
