/// A request that HTTP itself refuses, for example because of bad framing, a body that is too large, or an unknown
/// path.
public struct HTTPError: Error, Sendable {
    /// The status of the response.
    public let status: Status
    /// A sentence for people, without secrets.
    public let detail: String
    /// Fields that the response must carry, such as `Allow` or `Retry-After`.
    public let fields: Fields
    /// The request field at fault; `nil` if no field is at fault.
    public let culprit: FieldName?

    /// Makes a refusal from its parts.
    public init(
        _ status: Status, _ detail: String, fields: Fields = Fields(), culprit: FieldName? = nil
    ) {
        self.status = status
        self.detail = detail
        self.fields = fields
        self.culprit = culprit
    }
}
