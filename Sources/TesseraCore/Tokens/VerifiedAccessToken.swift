import Synchronization
import TesseraJOSE

/// A token that has passed the check. Only ``TokenChecker`` makes one.
public final class VerifiedAccessToken: Sendable {
    /// The record as it was when it was read.
    public let token: AccessToken
    public let owner: User
    /// What the token may do: its own scope, limited by what its owner may do now.
    public let scope: Scope
    let digest: TokenDigest
    /// When it was last accepted, in milliseconds since the epoch, and not yet handed to the store; 0 when there is nothing to hand over.
    private let unwrittenUse = Atomic<Int64>(0)

    init(token: AccessToken, owner: User, scope: Scope, digest: TokenDigest) {
        self.token = token
        self.owner = owner
        self.scope = scope
        self.digest = digest
    }

    /// Notes a use; `true` for the first since the last ``takeUse()``.
    func noteUse(at now: NumericDate) -> Bool {
        unwrittenUse.exchange(now.milliseconds, ordering: .relaxed) == 0
    }

    /// The last use that nobody has written yet.
    func takeUse() -> NumericDate {
        NumericDate(milliseconds: unwrittenUse.exchange(0, ordering: .relaxed))
    }
}
