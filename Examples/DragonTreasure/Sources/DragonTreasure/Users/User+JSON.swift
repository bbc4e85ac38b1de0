import TesseraCore
import TesseraJSON
import TesseraOpenAPI

extension JSONWriter {
    /// Writes a user as this viewer sees them.
    ///
    /// An e-mail address is what people sign in with, and what strangers would collect: the person themself and admins
    /// see it, others do not find the member at all.
    mutating func user(_ user: User, for viewer: User) {
        object { json in
            json.member("id", user.id.description)
            json.member("username", user.username)
            if viewer.isOperator || viewer.id == user.id { json.member("email", user.email.text) }
            json.member("treasures", User.path(user.id) + "/treasures")
        }
    }
}

extension JSONSchema {
    static let user = object(
        .required("id", .identifier),
        .required("username", .string),
        .optional("email", .string, "For the person themself and for admins."),
        .required("treasures", .string, "The path of the user's treasures.")
    ).named("User")
}
