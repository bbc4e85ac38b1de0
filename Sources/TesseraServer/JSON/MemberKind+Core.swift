public import TesseraCore
public import TesseraJSON
import TesseraText
public import TesseraTime

// The kinds of members that become values of the domain.

extension MemberKind<NumericDate> {
    /// An instant as RFC 3339 writes it.
    public static var instant: Self {
        MemberKind("must be an instant such as 2027-01-31T12:00:00Z") {
            $0.string.flatMap { NumericDate(rfc3339: $0) }
        }
    }
}

extension MemberKind<String> {
    /// A name (`NameText`) in the form in which it is kept, for a member whose schema is `JSONSchema.name`.
    public static func name(_ length: ClosedRange<Int>) -> Self {
        MemberKind(
            "must have \(length.lowerBound) to \(length.upperBound) characters, all of them visible, and not be blank"
        ) { value in value.string.flatMap { NameText($0, limit: TextLimit(length))?.text } }
    }
}

extension MemberKind<EmailAddress> {
    /// An address, for a member whose schema is `JSONSchema.email`.
    public static var emailAddress: Self {
        MemberKind("must be an e-mail address") { $0.string.flatMap { EmailAddress($0) } }
    }
}
