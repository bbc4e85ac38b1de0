import TesseraCore
import TesseraText

/// An account of an earlier version, whose address may differ from the key of its spellings.
///
/// A migration cannot settle it, because SQL cannot normalize or fold a text.
struct UnsettledAddress: Sendable {
    /// The number of addresses that are read together.
    static let batch = 500

    let user: User.ID
    /// The stored address.
    let email: String

    /// The address by the present rule; `nil` when that rule does not accept it.
    ///
    /// - Throws: ``StoreError`` when the library for addresses beyond ASCII is missing.
    var address: EmailAddress? {
        get throws(StoreError) {
            guard UnicodeLibrary.shared != nil else {
                throw StoreError(
                    .unavailable,
                    "There are addresses beyond ASCII, which need the library libidn2 (Debian: libidn2-0). It is not installed."
                )
            }
            return EmailAddress(email)
        }
    }
}
