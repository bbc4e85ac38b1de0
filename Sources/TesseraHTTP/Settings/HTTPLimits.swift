/// The limits of one connection: sizes, counts and times.
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
    /// The most bytes of an unread request body that are read to keep the connection open. Default 64 KiB.
    public var drainedBody = 64 * 1024
    /// The most response bytes that wait for the client before their producer must wait. Default 256 KiB.
    public var bufferedOutput = 256 * 1024
    /// The most bytes that are discarded after the last response, so that the client can read it. Default 16 MiB.
    public var lingeringBytes = 16 * 1024 * 1024

    /// The most open connections; further connections are closed at once. Default 16,384.
    public var connections = 16_384
    /// The most connections from one address; 0 sets no limit. Default 1,024.
    public var connectionsPerAddress = 1_024

    /// The total time for a request's header, from its first byte or from the start of the connection. Default 10 s.
    public var headerTime: Duration = .seconds(10)
    /// The total time for a request's body, from the moment the handler starts to read it. Default 30 s.
    public var bodyTime: Duration = .seconds(30)
    /// The longest time between two requests of a connection. Default 75 s.
    public var idleTime: Duration = .seconds(75)
    /// The longest time in which a client accepts no bytes of a waiting response. Default 30 s.
    public var writeStallTime: Duration = .seconds(30)
    /// The longest time for which input is discarded after the last response. Default 5 s.
    public var lingeringTime: Duration = .seconds(5)

    /// Makes the default limits.
    public init() {}
}
