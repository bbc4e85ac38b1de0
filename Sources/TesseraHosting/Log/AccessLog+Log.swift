public import TesseraHTTP

extension AccessLog {
    /// Writes its lines to a log at level `info`; `nil` when that would drop them.
    public init?(to log: Log) {
        guard log.writes(.info) else { return nil }
        self.init { entry in log.info(entry.description, as: "request") { $0.members(of: entry) } }
    }
}

extension LogObject {
    /// The same facts as in ``AccessLogEntry/description``.
    mutating func members(of entry: AccessLogEntry) {
        member("address", entry.peer.host)
        member("method", entry.method.description)
        // Encoded as in the text: a path decoded may not be one that can be told from another.
        member("path", PercentEncoding.path(entry.path))
        member("status", entry.status.code)
        member("duration_us", entry.microseconds)
        member("bytes", entry.bodySize)
        member("request_id", entry.id.description)
    }
}
