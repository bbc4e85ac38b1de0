public import TesseraTime

/// A resource owner: a person who signs in and owns tokens.
public struct User: Sendable, Hashable, Identifiable {
    public typealias ID = Identifier<User>

    public let id: ID
    /// The address with which the person signs in.
    public var email: EmailAddress
    /// The name of the person on pages: 1–50 Unicode scalars, as ``Accounts/username(_:)`` gives it.
    public var username: String
    /// Indicates that the person is an operator of this installation.
    public var isOperator: Bool
    /// The instant at which the account was opened.
    public let createdAt: NumericDate
    /// Since when the person may not do anything; `nil` for an active account.
    public var disabledAt: NumericDate?

    public init(
        id: ID, email: EmailAddress, username: String, isOperator: Bool = false, createdAt: NumericDate,
        disabledAt: NumericDate? = nil
    ) {
        self.id = id
        self.email = email
        self.username = username
        self.isOperator = isOperator
        self.createdAt = createdAt
        self.disabledAt = disabledAt
    }

    /// Indicates that the account is not disabled.
    public var isActive: Bool { disabledAt == nil }
}
