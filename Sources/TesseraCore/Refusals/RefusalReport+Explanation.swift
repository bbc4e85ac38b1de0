import TesseraJOSE

extension RefusalReport {
    /// What happened, and what can be done about it, in words for people.
    public struct Explanation: Sendable, Hashable {
        /// A few words.
        public let title: String
        /// What happened, in a sentence.
        public let sentence: String
        /// What to do about it.
        public let advice: String
    }

    /// The words for this refusal. One case for each cause.
    ///
    /// - Parameter reader: Who is told; `nil` for an operator at the command line.
    public func explanation(for reader: User.ID? = nil) -> Explanation {
        switch refusal.cause {
        case .nothingSent:
            Explanation(
                title: "No credentials were sent",
                sentence:
                    "The request carried neither an access token nor a session, and this address needs one.",
                advice:
                    "Send the field “Authorization: Bearer TOKEN”. Some clients drop it when they follow a redirect."
            )
        case .cookieOnly:
            Explanation(
                title: "Only a cookie was sent",
                sentence:
                    "The request carried a cookie, but no session of this service in it, and no access token.",
                advice:
                    "In a browser, sign in first. A program sends the field “Authorization: Bearer TOKEN”; a cookie does not take its place."
            )
        case .tokenInQuery:
            Explanation(
                title: "The token was in the address",
                sentence:
                    "The request named an access_token in its address, where it is not looked at, and sent no other credentials.",
                advice:
                    "Send the token in the field “Authorization: Bearer TOKEN”. An address ends up in logs and histories: if the token is a real one, revoke it and make another."
            )
        case .foreignScheme: foreignScheme
        case .severalCredentials:
            Explanation(
                title: "Several credentials were sent",
                sentence:
                    "The request carried more than one field Authorization; which one was meant cannot be known.",
                advice:
                    "Send the field once. A proxy or a library may add one of its own: look at what leaves the last of them."
            )
        case .malformed:
            Explanation(
                title: "The token does not have the form of a token",
                sentence: "What was sent does not look like an access token of this server.",
                advice: "Send the whole token, without quotes, line ends or other text around it.")
        case .mistyped:
            Explanation(
                title: "The token was mistyped or cut",
                sentence: "What was sent has the form of an access token, but its checksum does not fit.",
                advice: "Copy the token again; at least one character is wrong.")
        case .unknown:
            Explanation(
                title: "The token is unknown",
                sentence:
                    "The token is well-formed, but it is not stored here: it was made elsewhere, or deleted.",
                advice: "Check that the token belongs to this server; make a new one if it was deleted.")
        case .expired where token?.replacedBy != nil:
            Explanation(
                title: "The token was replaced",
                sentence: "\(tokenPhrase) was replaced by a newer one, and ended\(sincePhrase).",
                advice: "Give the program the newer token. If that is lost, rotate it to get another.")
        case .expired:
            Explanation(
                title: "The token has expired",
                sentence: "\(tokenPhrase) expired\(sincePhrase).",
                advice: "Make a new token, with a later expiry if that suits its use.")
        case .revoked:
            Explanation(
                title: "The token was revoked",
                sentence:
                    "\(tokenPhrase) was revoked\(revokerPhrase(for: reader).map { " by \($0)" } ?? "")\(sincePhrase).",
                advice: "Make a new token if the program should still have access.")
        case .suspended:
            Explanation(
                title: "The token is disabled",
                sentence: "\(tokenPhrase) was disabled\(sincePhrase).",
                advice: "Enable the token on its page if the program should have access again.")
        case .ownerDisabled:
            Explanation(
                title: "The owner’s account is disabled",
                sentence:
                    "\(tokenPhrase) is sound, but the account it belongs to may not do anything at present.",
                advice: "Ask an operator to enable the account.")
        case .insufficientScope:
            Explanation(
                title: "The token lacks a scope",
                sentence: "The request needed \(Self.phrase(refusal.needed)); \(heldPhrase).",
                advice:
                    "Make a token with the missing scope. A token never may more than its owner may do now.")
        case .notPermitted:
            Explanation(
                title: "The person may not do this",
                sentence: "The credentials are sound, but whose they are may not do this to this thing.",
                advice: "Ask its owner or an operator.")
        case .sessionEnded:
            Explanation(
                title: "The session has ended",
                sentence:
                    "The browser sent a session cookie, but that session has expired or was signed out.",
                advice: "Sign in again.")
        case .signInTooOld:
            Explanation(
                title: "The password was given too long ago",
                sentence:
                    "Something sensitive was asked for with a session in which the password was last given too long ago.",
                advice: "Open /login/confirm in the browser, give the password again, and repeat the request."
            )
        case .forgedForm:
            Explanation(
                title: "The form token was missing or wrong",
                sentence:
                    "A change was asked for with a session, but without the proof that a page of this site did.",
                advice:
                    "Reload the page and send the form again. Programs send X-CSRF-Token, or use an access token."
            )
        case .otherSite:
            Explanation(
                title: "The request came from another site",
                sentence:
                    "A page of \(originPhrase) asked for a change with the cookie of this site. A cookie only counts for pages of this site.",
                advice:
                    "If you meant to do this, do it on this site. A script of another site sends an access token instead of the cookie."
            )
        case .originNotAllowed: originNotAllowed
        case .unusableRequest:
            Explanation(
                title: "The request could not be understood",
                sentence: "The request was malformed, too large, or of a kind this address does not take.",
                advice: "The answer's status and detail say what was wrong.")
        case .storeUnavailable:
            Explanation(
                title: "The store could not answer",
                sentence:
                    "Whether the credentials are sound could not be found out, so the request was refused.",
                advice: "Try again shortly; operators find the reason in the log.")
        }
    }

    private var foreignScheme: Explanation {
        let advice =
            switch refusal.hint {
            case .basicScheme:
                "If the password is an access token, send it as “Authorization: Bearer TOKEN”; with curl, -H in the place of -u."
            case .schemeMissing: "The word “Bearer” and a space are missing before the token."
            case .preflight, nil: "Write “Bearer”, one space, and the token."
            }
        return Explanation(
            title: "Another kind of credentials was sent",
            sentence: refusal.hint == .schemeMissing
                ? "The field Authorization was there, but no scheme stood before what it said."
                : "The field Authorization was there, but its scheme was \(refusal.hint == .basicScheme ? "Basic" : "another one"), not Bearer.",
            advice: advice)
    }

    private var originNotAllowed: Explanation {
        Explanation(
            title: "The origin is not allowed",
            sentence: refusal.hint == .preflight
                ? "A browser asked whether a page of \(originPhrase) may call this API (CORS), and that origin is not on the list."
                : "A page of \(originPhrase) called this API without credentials, and that origin is not on the list of those whose pages may (CORS).",
            advice:
                "An operator lets the origin in with “tessera serve --allow-origin ORIGIN”. Otherwise call the API from the server of that page."
        )
    }

    private var tokenPhrase: String { token.map { "The token “\($0.name.text)”" } ?? "The token" }

    /// " at 2026-11-23T11:55:00Z, 5 minutes before the request"
    private var sincePhrase: String {
        guard let since = refusal.since else { return " before the request" }
        return
            " at \(NumericDate(seconds: since.seconds).rfc3339), \(TimeSpan.phrase(from: since, to: refusal.at)) before the request"
    }

    private var heldPhrase: String {
        guard let held = refusal.held, !held.isEmpty else { return "the token may do nothing of that kind" }
        return "the token may do \(Self.phrase(held))"
    }

    private var originPhrase: String { refusal.origin.map { "“\($0)”" } ?? "another site" }

    private static func phrase(_ scope: Scope?) -> String {
        scope.map { "“\($0)”" } ?? "a scope"
    }
}
