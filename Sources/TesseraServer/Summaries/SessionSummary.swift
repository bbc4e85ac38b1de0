import TesseraHTML
import TesseraTime

/// A session as its person sees it.
struct SessionSummary: Sendable {
    /// The identifier as it stands in paths.
    var id: String
    /// As in "Firefox on Linux".
    var device: String
    /// The address it was started from.
    var address: String
    var started: NumericDate
    var lastSeen: NumericDate
    /// Indicates that it is the session of the reader's browser.
    var isThisBrowser: Bool
}

extension Page {
    /// A session in a line: the browser, and when and from where it was last seen.
    func line(of session: SessionSummary) -> HTML {
        span {
            bdi { session.device }
            span(.class("help")) {
                "last seen "
                time(session.lastSeen)
                ", signed in from "
                code { session.address }
            }
        }
    }
}
