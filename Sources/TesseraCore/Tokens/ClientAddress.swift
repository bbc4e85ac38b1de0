public import TesseraTime

/// From where a token was used: an IPv6 address, or an IPv4 address in the form of one (RFC 4291 §2.5.5.2).
///
/// Two words, so that noting one on the way of a request allocates nothing.
public struct ClientAddress: Sendable, Hashable {
    /// The first eight bytes, big-endian.
    public let high: UInt64
    /// The last eight bytes, big-endian.
    public let low: UInt64

    /// Makes an address of its two halves.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A UNIX socket on this machine, in the form of the unspecified address (RFC 4291 §2.5.2).
    public static let local = ClientAddress(high: 0, low: 0)
}

/// The instant and the address of a use of a token.
public struct TokenUse: Sendable, Hashable {
    /// The instant of the use.
    public let at: NumericDate
    /// `nil` when that is not known.
    public let from: ClientAddress?

    public init(at: NumericDate, from address: ClientAddress? = nil) {
        self.at = at
        from = address
    }
}
