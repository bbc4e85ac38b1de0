public import TesseraHTTP

extension FieldName {
    /// The identifier that leads to the reason of a refusal.
    public static let tesseraRefusal: FieldName = "Tessera-Refusal"
    /// The expiry of the token of this request, if that is soon.
    public static let tesseraTokenExpires: FieldName = "Tessera-Token-Expires"
    static let csrfToken: FieldName = "X-CSRF-Token"
}
