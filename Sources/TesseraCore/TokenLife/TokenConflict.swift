public import TesseraTime

/// The reason for which a token cannot be changed or replaced, although the caller has the right.
public enum TokenConflict: String, Error, Sendable, CaseIterable {
    case gone
    case revoked
    case expired
    case suspended
    case replaced
    /// An application's token is renewed by the application.
    case ofApplication = "of-application"

    /// Why a token that is not usable, or was replaced, is not; `nil` for one that is and was not.
    public init?(of token: AccessToken, at now: NumericDate) {
        switch token.state(at: now) {
        case .revoked: self = .revoked
        case .expired: self = .expired
        case .suspended: self = .suspended
        case .active:
            guard token.replacedBy != nil else { return nil }
            self = .replaced
        }
    }

    /// A sentence for the caller.
    public var sentence: String {
        switch self {
        case .gone: "You have no such token."
        case .revoked: "The token was revoked, and stays so. Make a new one."
        case .expired: "The token has expired, and stays so. Make a new one."
        case .suspended: "The token is disabled. Enable it first."
        case .replaced: "The token was replaced already. Rotate the newer one."
        case .ofApplication: "The token belongs to an application, which renews it by itself."
        }
    }
}
