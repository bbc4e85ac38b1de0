/// Why a request was refused. Closed: pages, log and command line explain every one.
public enum RefusalCause: String, Sendable, CaseIterable {
    case nothingSent = "nothing-sent"
    case foreignScheme = "foreign-scheme"
    case malformed
    case mistyped
    case unknown
    case expired
    case revoked
    case ownerDisabled = "owner-disabled"
    case insufficientScope = "insufficient-scope"
    case notPermitted = "not-permitted"
    case sessionEnded = "session-ended"
    case forgedForm = "forged-form"
    case unusableRequest = "unusable-request"
    case storeUnavailable = "store-unavailable"

    /// Where it stands in ``allCases``: without payloads, a case is stored as its number in the source.
    var ordinal: Int { Int(unsafeBitCast(self, to: UInt8.self)) }
}
