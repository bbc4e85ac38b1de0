/// How much, and for how long, one connection may ask of the server.
public struct HTTPLimits: Sendable {
    /// The longest request line in bytes; a longer one is answered 414. Default 8 KiB.
    public var requestLine = 8 * 1024
    /// The largest block of field lines in bytes; a larger one is answered 431 (RFC 6585 §5). Default 16 KiB.
    public var headerBlock = 16 * 1024
    /// The most field lines of a request; more are answered 431. Default 100.
    public var fieldLines = 100
    /// The most chunk-extension bytes of one message; more are answered 400. Default 1 KiB.
    public var chunkExtensions = 1024
    /// The most trailer bytes of one message; more are answered 400. Default 8 KiB.
    public var trailers = 8 * 1024
    /// How much of a body nobody asked for is read to keep the connection. Default 64 KiB.
    public var drainedBody = 64 * 1024
    /// How many bytes of an answer may wait for the client before its producer waits too. Default 256 KiB.
    public var bufferedOutput = 256 * 1024
    /// How many unread bytes are thrown away after the last answer, so that the client sees it. Default 16 MiB.
    public var lingeringBytes = 16 * 1024 * 1024

    /// The most connections open at once; further ones are closed at once. Default 16,384.
    public var connections = 16_384
    /// The most connections from one address; 0 sets no limit. Default 1,024.
    public var connectionsPerAddress = 1_024

    /// The total time for a request's header, from its first byte (or the opening of the connection). Default 10 s.
    public var headerTime: Duration = .seconds(10)
    /// The total time for a request's body, from when the handler begins to read it. Default 30 s.
    public var bodyTime: Duration = .seconds(30)
    /// How long a connection may rest between requests. Default 75 s.
    public var idleTime: Duration = .seconds(75)
    /// How long a client may take none of an answer that waits for it. Default 30 s.
    public var writeStallTime: Duration = .seconds(30)
    /// How long unread bytes are thrown away after the last answer. Default 5 s.
    public var lingeringTime: Duration = .seconds(5)

    public init() {}
}
