import TesseraTime

/// A verified token as the cache keeps it.
struct CachedToken: Sendable {
    let digest: TokenDigest
    /// When it was last accepted, in milliseconds since the epoch, and not yet handed to the store; 0 when there is nothing to hand over.
    private var unwrittenUse: Int64 = 0
    let token: VerifiedAccessToken
    /// Whether it was found since the cache last looked for something to drop.
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

    /// The last use that nobody has written yet.
    mutating func takeUse() -> NumericDate? {
        guard unwrittenUse != 0 else { return nil }
        defer { unwrittenUse = 0 }
        return NumericDate(milliseconds: unwrittenUse)
    }
}
