extension Refusal {
    /// What happened, and what can be done about it, in words for people.
    public struct Explanation: Sendable, Hashable {
        /// A few words.
        public let title: String
        /// What happened, in a sentence.
        public let sentence: String
        /// What to do about it.
        public let advice: String
    }

    public var explanation: Explanation {
        switch cause {
        case .nothingSent:
            Explanation(
                title: "No credentials were sent",
                sentence:
                    "The request carried neither an access token nor a session, and this address needs one.",
                advice:
                    "Send the field “Authorization: Bearer TOKEN”. Some clients drop it when they follow a redirect."
            )
        case .foreignScheme:
            Explanation(
                title: "Another kind of credentials was sent",
                sentence: "The field Authorization was there, but its scheme was not Bearer.",
                advice: "Write “Bearer”, one space, and the token.")
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
        case .expired:
            Explanation(
                title: "The token has expired",
                sentence: "The token had an end, and the request came after it.",
                advice: "Make a new token, with a later expiry if that suits its use.")
        case .revoked:
            Explanation(
                title: "The token was revoked",
                sentence: "Its owner or an operator ended the token early; the request came after that.",
                advice: "Make a new token if the program should still have access.")
        case .ownerDisabled:
            Explanation(
                title: "The owner’s account is disabled",
                sentence: "The token is sound, but the account it belongs to may not do anything at present.",
                advice: "Ask an operator to enable the account.")
        case .insufficientScope:
            Explanation(
                title: "The token lacks a scope",
                sentence:
                    "The request needed “\(needed?.description ?? "")”; the token may do “\(held?.description ?? "")”.",
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
        case .forgedForm:
            Explanation(
                title: "The form did not come from this site",
                sentence:
                    "A change was asked for with a session but without its form token, or from another site.",
                advice:
                    "Reload the page and send the form again. Programs send X-CSRF-Token, or use an access token."
            )
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
}
