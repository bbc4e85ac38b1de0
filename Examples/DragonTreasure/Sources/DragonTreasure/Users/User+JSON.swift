import Tessera

extension JSONWriter {
    /// Writes a user as this viewer sees them.
    ///
    /// People sign in with an e-mail address, and strangers would collect it: only the person themself and admins see the
    /// member.
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
