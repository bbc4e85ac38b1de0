/// A request with an `Idempotency-Key` that cannot be answered, because of an earlier one with the same key.
/// `ErrorResponses.swift` turns it into an answer.
enum RepeatedRequest: Error {
    /// The end of the earlier request is not known. 409
    case pending
    /// The earlier request asked for something else. 422
    case differs
}
