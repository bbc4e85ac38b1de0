import TesseraHTML
import TesseraTime

/// An account as operators see it.
struct UserSummary: Sendable {
    /// The identifier as it stands in paths.
    var id: String
    var email: String
    var username: String
    var isOperator: Bool
    var created: NumericDate
    /// Since when it may not do anything; nil for an active one.
    var disabled: NumericDate?
    /// Indicates that it is the account of the reader.
    var isReader: Bool

    var path: String { "/admin/users/\(id)" }
}

extension Page {
    /// The special states of an account, in words and drawings.
    @HTMLBuilder func chips(of user: UserSummary) -> HTML {
        if user.disabled != nil {
            span(.class("chip chip-revoked")) {
                Icon.revoked
                "Disabled"
            }
        }
        if user.isOperator { span(.class("chip chip-ended")) { "Operator" } }
        if user.isReader { span(.class("chip chip-active")) { "You" } }
    }
}
