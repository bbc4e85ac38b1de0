/// A validated request header.
///
/// Passed on without copies: a copy would cost as much as the rest of a small response.
struct RequestHead: ~Copyable, Sendable {
    /// The framing of the body that follows, RFC 9112 §6.
    enum Framing: Sendable, Equatable {
        case none
        /// The length in `Content-Length`, at least one byte.
        case length(Int)
        case chunked
    }

    /// The request as far as the header describes it. The path is `*` for `OPTIONS *`.
    var request: Request
    var framing: Framing
    /// Indicates HTTP/1.0, which has no chunked coding.
    var isHTTP10: Bool
    /// Indicates that the client may send another request on this connection (RFC 9112 §9.3).
    var keepsAlive: Bool
    /// Indicates that the client waits for 100 before it sends the body (RFC 9110 §10.1.1).
    var expectsContinue: Bool
    /// The length of the header in bytes.
    var length: Int
}
