import TesseraCrypto

/// An attempt to sign in with a password, before it is verified.
public struct SignInAttempt: Sendable, Hashable {
    /// An account by the key of the address that was typed, whether there is one or not: all spellings count together.
    public struct Account: Sendable, Hashable {
        private let digest: SHA256Digest
        var bytes: [UInt8] { digest.bytes }

        /// - Parameter email: As typed, of any length.
        public init(email: String) {
            digest = SHA256.digest(of: Array((EmailAddress(of: email)?.key ?? email).utf8))
        }
    }

    /// The origin of the attempt.
    public enum Origin: Sendable, Hashable {
        /// A browser in which a person has signed in to this account before.
        case knownBrowser(String)
        /// Anything else: the address, or the part of it that one customer has.
        case network(String)
    }

    /// The account, known or not.
    public let account: Account
    /// The origin of the attempt.
    public let origin: Origin
    /// Indicates that the network has a budget over all accounts. The address of a proxy on this machine has none, because all
    /// clients share it.
    public let countsNetwork: Bool

    public init(email: String, origin: Origin, countsNetwork: Bool = true) {
        account = Account(email: email)
        self.origin = origin
        self.countsNetwork = countsNetwork
    }
}
