/// A refusal of HTTP itself: bad framing, a body too large, a path that is not there.
public struct HTTPError: Error, Sendable {
    public let status: Status
    /// A sentence for people, without anything secret.
    public let detail: String
    /// Fields the answer must carry, such as `Allow` or `Retry-After`.
    public let fields: Fields
    /// The field of the request that is at fault, where one is and it matters which.
    public let culprit: FieldName?

    public init(
        _ status: Status, _ detail: String, fields: Fields = Fields(), culprit: FieldName? = nil
    ) {
        self.status = status
        self.detail = detail
        self.fields = fields
        self.culprit = culprit
    }
}
