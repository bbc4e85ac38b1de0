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

    /// Reports whether the browser says that the request comes from a page of another site.
    ///
    /// `Sec-Fetch-Site` decides where it is sent: scripts cannot set it, and the browser compared the origins itself. So a
    /// page whose referrer policy makes `Origin` say `null`, or a proxy that changes `Host`, is no reason to refuse (W3C
    /// Fetch Metadata §2.3). Otherwise `Origin` must name the host that the request went to, or the issuer. A browser that
    /// says nothing is judged by the form token alone.
    static func isFromElsewhere(_ request: Request, issuer: String) -> Bool {
        switch request.fields[.secFetchSite] {
        case "same-origin": return false
        case "none", nil: break
        default: return true
        }
        guard let origin = request.fields[.origin] else { return false }
        if origin == SitePath.origin(ofIssuer: issuer) { return false }
        guard let host = request.fields[.host] else { return true }
        return origin != "http://\(host)" && origin != "https://\(host)"
    }
}
