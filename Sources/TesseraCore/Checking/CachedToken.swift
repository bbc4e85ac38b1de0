import TesseraTime

/// A verified token as the cache keeps it.
struct CachedToken: Sendable {
    let digest: TokenDigest
    /// The last use that was not yet handed to the store, in milliseconds since 1970; 0 for none.
    private var unwrittenUse: Int64 = 0
    let token: VerifiedAccessToken
    /// Indicates that the entry was found since the cache last looked for one to drop.
    var isRecent = true

    init(_ token: VerifiedAccessToken, digest: TokenDigest) {
        self.digest = digest
        self.token = token
    }

    /// Notes a use; `true` for the first since the last ``takeUse()``.
    mutating func noteUse(at now: NumericDate) -> Bool {
        defer { unwrittenUse = now.milliseconds }
        return unwrittenUse == 0
    }

    /// Takes the last use that was not yet written; `nil` for none.
    mutating func takeUse() -> NumericDate? {
        guard unwrittenUse != 0 else { return nil }
        defer { unwrittenUse = 0 }
        return NumericDate(milliseconds: unwrittenUse)
    }
}
