extension AccessToken {
    /// Reports whether a change from `earlier` to this token gives anything: more time, a second life, another scope.
    ///
    /// Everything counts as giving more unless it is named here as a reduction or as a note. A property that is added to
    /// the token later therefore gives more until this function says otherwise.
    ///
    /// - Parameter earlier: The same token before the change.
    public func givesMore(than earlier: AccessToken) -> Bool {
        var reduced = earlier
        reduced.name = name
        reduced.metadata = metadata
        reduced.lastUsedAt = lastUsedAt
        reduced.lastUsedFrom = lastUsedFrom
        if !isLonger(than: earlier) { reduced.expiresAt = expiresAt }
        // A token that is disabled stays so, from any instant on.
        if suspendedAt != nil { reduced.suspendedAt = suspendedAt }
        if revokedAt != nil { reduced.revokedAt = revokedAt }
        return reduced != self
    }

    /// Reports whether the token ends later than `earlier`; no end is the latest of all.
    private func isLonger(than earlier: AccessToken) -> Bool {
        guard let before = earlier.expiresAt else { return false }
        return expiresAt.map { $0 > before } ?? true
    }
}
