/// An application that asks for access, for a person or for itself (RFC 6749 §1.1).
public enum Client {
    /// The identifier of a client.
    public typealias ID = Identifier<Client>
}

/// The consent of a person behind the tokens of a client (RFC 6749 §1.3).
public enum Grant {
    /// The identifier of a grant.
    public typealias ID = Identifier<Grant>
}
