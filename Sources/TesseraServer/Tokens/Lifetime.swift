/// A lifetime of a token that a form offers.
struct Lifetime: Sendable, Hashable {
    /// The value of the field `expires`: `30d`, or `never`.
    let value: String
    /// The name in the form.
    let name: String
}
