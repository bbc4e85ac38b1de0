/// The reason why a request was refused. Closed: pages, log and command line explain every one.
public enum RefusalCause: String, Sendable, CaseIterable {
    case nothingSent = "nothing-sent"
    case cookieOnly = "cookie-only"
    case tokenInQuery = "token-in-query"
    case foreignScheme = "foreign-scheme"
    case severalCredentials = "several-credentials"
    case malformed
    case mistyped
    case misplaced
    case unknown
    case expired
    case revoked
    case suspended
    case ownerDisabled = "owner-disabled"
    case insufficientScope = "insufficient-scope"
    case notPermitted = "not-permitted"
    case personNeeded = "person-needed"
    case sessionEnded = "session-ended"
    case signInTooOld = "sign-in-too-old"
    case forgedForm = "forged-form"
    case cookieMissing = "cookie-missing"
    case otherSite = "other-site"
    case originNotAllowed = "origin-not-allowed"
    case unusableRequest = "unusable-request"
    case notFound = "not-found"
    case methodNotAllowed = "method-not-allowed"
    case invalidContent = "invalid-content"
    case conflict
    case tooManyAttempts = "too-many-attempts"
    case serverError = "server-error"
    case storeUnavailable = "store-unavailable"

    /// The cause that a store kept as its raw value. A cause that only a newer version of Tessera knows, whose node may share
    /// the database during an upgrade, is read as ``unusableRequest``.
    public init(stored text: String) { self = Self(rawValue: text) ?? .unusableRequest }

    /// The place in ``allCases``: without payloads, a case is stored as its number in the source.
    var ordinal: Int { Int(unsafeBitCast(self, to: UInt8.self)) }
}

/// A further observation about a refused request, so that the advice fits it better.
public enum RefusalHint: String, Sendable, CaseIterable {
    /// The credentials were a name and a password, in which people also send tokens.
    case basicScheme = "basic-scheme"
    /// There was a long word and no scheme before it.
    case schemeMissing = "scheme-missing"
    /// A browser asked beforehand whether a page of another origin may call.
    case preflight
    /// The page was opened over http, while the issuer is an https address, whose cookies a browser keeps to https.
    case insecureAddress = "insecure-address"
    /// The page's origin has another host than the request, and the browser did not say whether they are one site. A proxy
    /// that changes `Host` looks like this.
    case hostDiffers = "host-differs"
    /// The browser sent `Origin: null` and did not say whether the page is one of this site.
    case opaqueOrigin = "opaque-origin"
}
