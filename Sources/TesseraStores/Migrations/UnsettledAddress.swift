import TesseraCore
import TesseraText

/// An account that an earlier version stored, whose address may not be the key of its spellings.
///
/// SQL can compute neither the normalization nor the folding of a text, so that a migration cannot do this.
struct UnsettledAddress: Sendable {
    /// How many are settled together.
    static let batch = 500

    let user: User.ID
    /// The address as it was stored.
    let email: String

    /// The address by the present rule; `nil` when it would not be accepted any more.
    ///
    /// - Throws: ``StoreError`` when the library is missing that could tell.
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
