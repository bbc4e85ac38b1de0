import Glibc
public import TesseraCore
public import TesseraTime

/// The census: how many rows there are, at a bounded cost.
extension SQLiteStore {
    /// The largest number of rows that one count reads, in a few milliseconds.
    private static let countLimit = 100_000
    /// The number of tokens in a sample, where there are more than ``countLimit``.
    private static let sampleSize = 20_000

    // Indexes lead to the rows that cannot be used any more; the others are the rest.
    private static let disabledUsers = count("user WHERE disabled_at IS NOT NULL")
    private static let users = count("user")
    private static let expiredSessions = count("session WHERE expires_at <= ?2")
    private static let sessions = count("session")
    private static let expiredTokens = count("api_token WHERE expires_at <= ?2")
    private static let revokedTokens = count(
        "api_token WHERE revoked_at IS NOT NULL AND (expires_at IS NULL OR expires_at > ?2)")
    private static let tokens = count("api_token")
    private static let refusals = count("refusal")
    private static let requests = count("request")
    private static let events = count("audit_event")
    private static let expiredClaims = count("claim WHERE expires_at <= ?2")
    private static let claims = count("claim")
    private static let tokenSample = SQLText(
        """
        SELECT count(*), max(key), sum(revoked_at IS NOT NULL OR coalesce(expires_at <= ?2, 0)) FROM (
            SELECT key, revoked_at, expires_at FROM api_token ORDER BY key LIMIT ?1)
        """)
    private static let size = SQLText(
        "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")

    /// SQL that counts at most `?1` rows; `?2` is the present instant.
    private static func count(_ rows: String) -> SQLText {
        SQLText("SELECT count(*), ?2 FROM (SELECT 1 FROM \(rows) LIMIT ?1)")
    }

    /// Counts each table up to a limit, and estimates the tokens beyond it.
    public func census(at now: NumericDate) async throws(StoreError) -> StoreCensus {
        try database.reading { connection in
            func count(_ sql: SQLText) throws -> Int {
                let values: [SQLiteValue] = [.integer(Self.countLimit), .instant(now)]
                return Int(try connection.first(sql, values) { row in try row.integer(0) } ?? 0)
            }
            func rows(_ table: StoreCensus.Table, _ all: SQLText, dead: SQLText? = nil) throws
                -> StoreCensus.Rows
            {
                let total = try count(all)
                let dead = try dead.map(count) ?? 0
                return StoreCensus.Rows(
                    table, live: total - min(total, dead), dead: dead, isExact: total < Self.countLimit)
            }
            return StoreCensus(
                rows: [
                    try rows(.users, Self.users, dead: Self.disabledUsers),
                    try rows(.sessions, Self.sessions, dead: Self.expiredSessions),
                    try Self.countTokens(at: now, connection, count),
                    try rows(.refusals, Self.refusals), try rows(.requests, Self.requests),
                    try rows(.auditEvents, Self.events),
                    try rows(.claims, Self.claims, dead: Self.expiredClaims),
                ],
                size: try connection.first(Self.size) { row in Int(try row.integer(0)) },
                logSize: Self.fileSize("\(database.path)-wal"))
        }
    }

    private static func countTokens(
        at now: NumericDate, _ connection: SQLiteConnection, _ count: (SQLText) throws -> Int
    ) throws -> StoreCensus.Rows {
        let total = try count(tokens)
        if total >= countLimit, let estimate = try estimateTokens(at: now, connection) { return estimate }
        let dead = try count(expiredTokens) + count(revokedTokens)
        return StoreCensus.Rows(.tokens, live: total - min(total, dead), dead: dead)
    }

    /// An estimate of the number of tokens, and of the dead among them, from the distances between the first ones.
    ///
    /// Keys are the beginnings of digests, which are spread evenly over all integers: a sample of 20,000 gives the number to
    /// within about one percent.
    static func estimateTokens(
        at now: NumericDate, sampleSize: Int = sampleSize, _ connection: SQLiteConnection
    ) throws -> StoreCensus.Rows? {
        try connection.first(tokenSample, [.integer(sampleSize), .instant(now)]) { row in
            if row.isNull(1) { return nil }
            let width = Double(try row.integer(1)) - Double(Int64.min)
            guard width > 0 else { return nil }
            let count = Double(try row.integer(0))
            let total = count / width * 0x1p64
            let dead = total * Double(try row.integer(2)) / count
            return StoreCensus.Rows(
                .tokens, live: Int(clamping: total - dead), dead: Int(clamping: dead), isExact: false)
        } ?? nil
    }

    /// The size of a file in bytes; `nil` when there is no such file.
    private static func fileSize(_ path: String) -> Int? {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int(facts.st_size) : nil
    }
}
