/// The header of a request, read and found valid.
///
/// Handed on, never copied: a copy would cost as much as the rest of a small answer.
struct RequestHead: ~Copyable, Sendable {
    /// How the body that follows is delimited, RFC 9112 §6.
    enum Framing: Sendable, Equatable {
        case none
        /// As many bytes as `Content-Length` says; at least one.
        case length(Int)
        case chunked
    }

    /// What was asked for, as far as the header tells. The path is `*` for `OPTIONS *`.
    var request: Request
    var framing: Framing
    /// Whether the client speaks HTTP/1.0, which knows no chunks.
    var isHTTP10: Bool
    /// Whether the client would like to send another request on this connection (RFC 9112 §9.3).
    var keepsAlive: Bool
    /// Whether the client waits for 100 before it sends the body (RFC 9110 §10.1.1).
    var expectsContinue: Bool
    /// The length of the header on the wire, in bytes.
    var length: Int
}
