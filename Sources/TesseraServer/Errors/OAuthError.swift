import TesseraHTTP
import TesseraJSON

/// An error of the OAuth endpoints (RFC 6749 §5.2).
struct OAuthError: Sendable {
    private let status: Status
    private let description: String
    private let page: String

    /// An error with the code that its status stands for.
    ///
    /// - Parameters:
    ///   - sentence: The reason; characters that RFC 6749 does not allow there are replaced.
    ///   - page: The address of a page with the reason.
    init(_ status: Status, _ sentence: String, page: String) {
        // A body that breaks a rule is a bad request there.
        self.status = status == .unprocessableContent ? .badRequest : status
        description = Self.allowed(sentence)
        self.page = page
    }

    /// The answer, which no cache may keep.
    func response(fields: Fields) -> Response {
        var fields = fields
        fields.append(.cacheControl, "no-store")
        return .json(status, fields: fields) { json in
            json.object { json in
                json.member("error", code)
                json.member("error_description", description)
                json.member("error_uri", page)
            }
        }
    }

    private var code: String {
        switch status.code {
        case 401: "invalid_client"
        case 403: "unauthorized_client"
        case 429, 503: "temporarily_unavailable"
        case 500...: "server_error"
        default: "invalid_request"
        }
    }

    /// A text of printable ASCII without `"` and `\`.
    private static func allowed(_ sentence: String) -> String {
        String(
            String.UnicodeScalarView(
                sentence.unicodeScalars.map { scalar -> Unicode.Scalar in
                    switch scalar {
                    case "“", "”", "’", "\"": "'"
                    case "\\": "/"
                    case " "..."~": scalar
                    default: "?"
                    }
                }))
    }
}
