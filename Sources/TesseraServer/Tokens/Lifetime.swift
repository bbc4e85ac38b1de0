/// How long a token may be asked to live in a form.
struct Lifetime: Sendable, Hashable {
    /// What the field `expires` says: `30d`, or `never`.
    let value: String
    /// How the form calls it.
    let name: String
}
