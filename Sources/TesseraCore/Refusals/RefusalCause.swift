/// Why a request was refused. Closed: pages, log and command line explain every one.
public enum RefusalCause: String, Sendable, CaseIterable {
    case nothingSent = "nothing-sent"
    case cookieOnly = "cookie-only"
    case tokenInQuery = "token-in-query"
    case foreignScheme = "foreign-scheme"
    case severalCredentials = "several-credentials"
    case malformed
    case mistyped
    case unknown
    case expired
    case revoked
    case suspended
    case ownerDisabled = "owner-disabled"
    case insufficientScope = "insufficient-scope"
    case notPermitted = "not-permitted"
    case sessionEnded = "session-ended"
    case signInTooOld = "sign-in-too-old"
    case forgedForm = "forged-form"
    case otherSite = "other-site"
    case originNotAllowed = "origin-not-allowed"
    case unusableRequest = "unusable-request"
    case storeUnavailable = "store-unavailable"

    /// Where it stands in ``allCases``: without payloads, a case is stored as its number in the source.
    var ordinal: Int { Int(unsafeBitCast(self, to: UInt8.self)) }
}

/// What else was noticed about a refused request, so that the advice fits it better.
public enum RefusalHint: String, Sendable, CaseIterable {
    /// The credentials were a name and a password, in which people also send tokens.
    case basicScheme = "basic-scheme"
    /// There was a long word and no scheme before it.
    case schemeMissing = "scheme-missing"
    /// A browser asked beforehand whether a page of another origin may call.
    case preflight
}
