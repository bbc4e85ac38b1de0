/// An account from before the present rule for addresses that does not stand under the key of its address.
///
/// Either another account has the same address in another spelling, or the address has characters that are not accepted any
/// more. Accounts are never merged: this one is found by exactly the spelling that was stored.
public struct IrregularAddress: Sendable, Hashable {
    /// The account.
    public let user: User.ID
    /// The address as it was stored.
    public let spelling: String
    /// The key of the address; `nil` when the address is not accepted any more.
    public let key: String?
    /// The account that stands under the key, and is found by every other spelling.
    public let holder: User.ID?

    public init(user: User.ID, spelling: String, key: String?, holder: User.ID?) {
        self.user = user
        self.spelling = spelling
        self.key = key
        self.holder = holder
    }

    /// A sentence for the operator. Characters beyond ASCII in the spelling are written by their numbers, because spellings
    /// that differ may look alike.
    public var sentence: String {
        let exact = spelling.unicodeScalars.map { $0.escaped(asASCII: true) }.joined()
        let account = "The account \(user) signs in by exactly this spelling of its address: \(exact)"
        return switch (key, holder) {
        case (let key?, let holder?):
            "\(account). Every other spelling of \(key) leads to the account \(holder)."
        case (let key?, nil): "\(account). No other account may take \(key)."
        case (nil, _): "\(account). It has characters that no new address may have."
        }
    }
}
