public import TesseraHTTP

/// Fields that Tessera's own requests and answers have beside those of HTTP.
extension FieldName {
    /// The identifier under which the reason of a refusal is kept.
    public static let tesseraRefusal: FieldName = "Tessera-Refusal"
    /// The expiry of the token of this request, if that is soon.
    public static let tesseraTokenExpires: FieldName = "Tessera-Token-Expires"
    /// The proof that a page of the site has sent a request.
    package static let csrfToken: FieldName = "X-CSRF-Token"
    /// The entity tag of an answer (RFC 9110 §8.8.3).
    package static let entityTag: FieldName = "ETag"
}
