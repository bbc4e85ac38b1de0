import TesseraCrypto
import TesseraHTTP
import TesseraJOSE

/// The proof that a form was filled in on a page of ours.
///
/// It is derived from the cookie it goes with, so that nothing has to be kept: who can compute it knows the cookie,
/// and a page of another site can do neither.
enum CSRFToken {
    static func derive(from cookie: String) -> String {
        Base64URL.encode(HMACSHA256.code(for: Array("form".utf8), key: Secret(utf8: cookie)).bytes)
    }

    static func isValid(_ presented: String?, for cookie: String) -> Bool {
        guard let presented else { return false }
        return ConstantTime.areEqual(Array(presented.utf8), Array(derive(from: cookie).utf8))
    }

    /// Whether what the browser says about where the request comes from speaks against it.
    ///
    /// `Origin` names the page; it must be of the host that the request went to, or of the issuer (a proxy may have
    /// changed the host). A browser that says nothing is judged by the token alone.
    static func isFromElsewhere(_ request: Request, issuer: String) -> Bool {
        if let site = request.fields[.secFetchSite], site != "same-origin", site != "none" { return true }
        guard let origin = request.fields[.origin] else { return false }
        if origin == SitePath.origin(ofIssuer: issuer) { return false }
        guard let host = request.fields[.host] else { return true }
        return origin != "http://\(host)" && origin != "https://\(host)"
    }
}
