import TesseraTime

extension RefusalReport {
    /// An account of a refusal and its remedy, in words for people.
    public struct Explanation: Sendable, Hashable {
        /// A few words.
        public let title: String
        /// The course of events, in one or a few sentences.
        public let sentence: String
        /// The remedy, in a sentence or two.
        public let advice: String
    }

    /// The words for this refusal. One case for each cause.
    ///
    /// - Parameter reader: The reader of the words; `nil` for an operator at the command line.
    public func explanation(for reader: User.ID? = nil) -> Explanation {
        switch refusal.cause {
        case .nothingSent:
            Explanation(
                title: "No credentials were sent",
                sentence:
                    "The request carried neither an access token nor a session, and this address needs one.",
                advice:
                    "Send the field “Authorization: Bearer TOKEN”. If the program does send it, look at what stands between: some clients drop the field when they follow a redirect, and some proxies do not pass it on (Apache httpd needs “CGIPassAuth On” for scripts)."
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
                    "The request named an access_token in its address, which Tessera does not read, and sent no other credentials.",
                advice:
                    "Send the token in the field “Authorization: Bearer TOKEN”. Addresses end up in logs and histories: if the token is a real one, revoke it and make another."
            )
        case .foreignScheme: foreignScheme
        case .severalCredentials:
            Explanation(
                title: "Several credentials were sent",
                sentence:
                    "The request carried more than one Authorization field, so it is not clear which one was meant.",
                advice:
                    "Send the field once. A proxy or a library may add one of its own: look at the request that leaves the last of them."
            )
        case .malformed:
            Explanation(
                title: "The token does not have the form of a token",
                sentence: "The text that was sent does not look like an access token of this server.",
                advice: "Send the whole token, without quotes, line ends or other text around it.")
        case .mistyped:
            Explanation(
                title: "The token was mistyped or cut",
                sentence: "The text that was sent looks like an access token, but its checksum does not fit.",
                advice: "Copy the token again; at least one character is wrong.")
        case .misplaced:
            Explanation(
                title: "A secret of another kind was sent",
                sentence:
                    "The text that was sent is a refresh token, a client secret or a registration token, and an access token was needed.",
                advice:
                    "Send the access token. If the other secret may have been recorded on the way, replace it."
            )
        case .unknown:
            Explanation(
                title: "The token is unknown",
                sentence:
                    "The token is well-formed, but it is not stored here: it was made elsewhere, or deleted.",
                advice:
                    "Check that the token belongs to this server. If the token was deleted, make a new one.")
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
                sentence: "\(tokenPhrase) is valid, but the account of its owner is disabled.",
                advice: "Ask an operator to enable the account.")
        case .insufficientScope:
            Explanation(
                title: "The token lacks a scope",
                sentence: "The request needed \(Self.phrase(refusal.needed)); \(heldPhrase).",
                advice:
                    "Make a token with the missing scope. A token can never do more than its owner.")
        case .notPermitted:
            Explanation(
                title: "This account may not do this",
                sentence: "The credentials are valid, but their account has no right to do this here.",
                advice: "Ask the owner of the resource, or an operator.")
        case .personNeeded:
            Explanation(
                title: "The token belongs to no person",
                sentence:
                    "The access token is valid, but it stands for an application itself, and this address serves people.",
                advice: "Use a token that a person has made, or an access token that a person has granted.")
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
                    "The request asked for something sensitive with a session in which the password was last given too long ago.",
                advice: "Open /login/confirm in the browser, give the password again, and repeat the request."
            )
        case .forgedForm:
            Explanation(
                title: "The form token was missing or wrong",
                sentence:
                    "The request asked for a change with a session, but without the proof that a page of this site sent it.",
                advice:
                    "Reload the page and send the form again. Programs send X-CSRF-Token, or use an access token."
            )
        case .cookieMissing: cookieMissing
        case .otherSite: otherSite
        case .originNotAllowed: originNotAllowed
        case .unusableRequest:
            Explanation(
                title: "The request could not be understood",
                sentence: "The server did not accept the request. \(detailSentence)",
                advice: "Correct the request as the answer says.")
        case .notFound:
            Explanation(
                title: "Nothing was found at the address",
                sentence:
                    "The address of the request leads to nothing that this caller can see. \(detailSentence)",
                advice:
                    "Check the path and the identifier in it. If the path is right, a proxy may add or remove a part of it."
            )
        case .methodNotAllowed:
            Explanation(
                title: "The address does not answer this method",
                sentence: "The address exists, but not for the method of the request. \(detailSentence)",
                advice:
                    "Use one of the methods in the field “Allow” of the answer. Some clients turn POST into GET when they follow a redirect: call the final address."
            )
        case .invalidContent:
            Explanation(
                title: "The content was not accepted",
                sentence: "The request was well-formed, but its content was not accepted. \(detailSentence)",
                advice: "Correct what the answer names, and send the request again.")
        case .conflict:
            Explanation(
                title: "The state does not allow this now",
                sentence: "The request conflicts with the present state. \(detailSentence)",
                advice: "Look at the present state, and decide again.")
        case .tooManyAttempts:
            Explanation(
                title: "There were too many attempts",
                sentence: "The request came too soon after too many others. \(detailSentence)",
                advice:
                    "Wait as long as the field “Retry-After” of the answer says. Behind a proxy that is not trusted, all its visitors are counted together: see “tessera serve --trusted-proxy”."
            )
        case .serverError:
            Explanation(
                title: "The server made an error",
                sentence: "The request was not answered because of an error in the server.",
                advice: "Operators find the error in the log. Please report it.")
        case .storeUnavailable:
            Explanation(
                title: "The database could not answer",
                sentence:
                    "The database could not answer, or could not make a change durable, so the request was refused. \(detailSentence)",
                advice: "Try again shortly. Operators find the reason in the log.")
        }
    }

    private var cookieMissing: Explanation {
        let isInsecure = refusal.hint == .insecureAddress
        return Explanation(
            title: "The browser sent no cookie",
            sentence: isInsecure
                ? "A form arrived without the cookie that it belongs to, because the page was opened over http: browsers keep the cookies of this site to https."
                : "A form arrived without the cookie that it belongs to.",
            advice: isInsecure
                ? "Open the https address of this site. If a proxy serves it over http only, an operator sets “tessera serve --issuer” to the address that people open."
                : "Allow cookies for this site, reload the page and send the form again. The cookie is also lost when the page stays open until it has expired."
        )
    }

    private var otherSite: Explanation {
        switch refusal.hint {
        case .hostDiffers:
            Explanation(
                title: "The request came from another site",
                sentence:
                    "A page of \(originPhrase) asked for a change, but the request names another host, and the browser did not say that the two are one site.",
                advice:
                    "If that page is a page of this site, a proxy changes the field Host: let it pass Host on, or give “tessera serve --issuer” the address that people open. Otherwise, do this on a page of this site."
            )
        case .opaqueOrigin:
            Explanation(
                title: "The request came from another site",
                sentence:
                    "A page asked for a change, and the browser did not say which site that page belongs to (“Origin: null”).",
                advice:
                    "Open the page in a tab of its own, reload it and try again. Privacy extensions and frames can hide the origin of a page."
            )
        default:
            Explanation(
                title: "The request came from another site",
                sentence:
                    "A page of \(originPhrase) asked for a change with the cookie of this site. The cookie only counts for pages of this site.",
                advice:
                    "If you meant to do this, do it on this site. A script of another site sends an access token instead of the cookie."
            )
        }
    }

    /// The detail as a sentence of its own; empty where there is none.
    private var detailSentence: String {
        guard let detail = refusal.detail, !detail.isEmpty else {
            return "The status of the answer was \(refusal.status)."
        }
        return detail.hasSuffix(".") || detail.hasSuffix("…") ? detail : detail + "."
    }

    private var foreignScheme: Explanation {
        let advice =
            switch refusal.hint {
            case .basicScheme:
                "If the password is an access token, send it as “Authorization: Bearer TOKEN”; with curl, -H in the place of -u."
            case .schemeMissing: "The word “Bearer” and a space are missing before the token."
            default: "Write “Bearer”, one space, and the token."
            }
        return Explanation(
            title: "Another kind of credentials was sent",
            sentence: refusal.hint == .schemeMissing
                ? "The request had an Authorization field, but without a scheme before its value."
                : "The request had an Authorization field, but its scheme was \(refusal.hint == .basicScheme ? "Basic" : "another one"), not Bearer.",
            advice: advice)
    }

    private var originNotAllowed: Explanation {
        Explanation(
            title: "The origin is not allowed",
            sentence: refusal.hint == .preflight
                ? "A browser asked whether a page of \(originPhrase) may call this API (CORS), and that origin is not on the list."
                : "A page of \(originPhrase) called this API without credentials, and that origin is not on the list of allowed origins (CORS).",
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
