public import TesseraCore
public import TesseraCrypto
import TesseraTime

extension PostgresStore: ThrottleStore {
    /// The store itself, which counts attempts for all nodes.
    public var sharedThrottle: (any ThrottleStore)? { self }

    // Deletes a few expired rows with each attempt. Once there are very many, it also deletes the rows that expire next, so
    // that an attack with ever new names does not fill the disk. Rows that another node has locked are skipped. The condition
    // is one bound for the index: with an OR, each attempt would read all rows to find nothing to delete.
    static let pruneThrottle = SQLText(
        """
        DELETE FROM throttle WHERE key IN (
            SELECT key FROM throttle
            WHERE forget_at < CASE
                WHEN (SELECT reltuples FROM pg_class WHERE oid = 'throttle'::regclass) > 1000000 THEN 'infinity'
                ELSE now() END
            ORDER BY forget_at LIMIT 16 FOR UPDATE SKIP LOCKED)
        """)
    // Creates and locks the rows in the order of their keys; another node that counts the same keys waits here. The clock is
    // that of the server, because the clocks of nodes may differ, and not `now()`, which may be from before the wait.
    private static let open = SQLText(
        """
        INSERT INTO throttle AS t (key, failures, forget_at)
        SELECT key, 0, clock_timestamp() + memory * interval '1 millisecond'
        FROM unnest($1::bytea[], $2::bigint[]) AS b (key, memory) ORDER BY key
        ON CONFLICT (key) DO UPDATE
        SET failures = CASE WHEN t.forget_at < clock_timestamp() THEN 0 ELSE t.failures END,
            closed_until = CASE WHEN t.forget_at < clock_timestamp() THEN NULL ELSE t.closed_until END
        """)
    // All rows or none. The number of doublings is that of `SignInThrottle.Budget.delay(after:)`.
    private static let count = SQLText(
        """
        UPDATE throttle t
        SET failures = t.failures + 1,
            closed_until = CASE WHEN t.failures + 1 >= b.free THEN
                clock_timestamp() + least(b.longest, b.shortest * power(2, least(t.failures + 1 - b.free, 40)))
                    * interval '1 millisecond' END,
            forget_at = clock_timestamp() + b.memory * interval '1 millisecond'
        FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
            AS b (key, free, shortest, longest, memory)
        WHERE t.key = b.key
            AND NOT EXISTS (SELECT FROM throttle WHERE key = ANY ($1::bytea[]) AND closed_until > clock_timestamp())
        """)
    private static let wait = SQLText(
        """
        SELECT coalesce(max(ceil(extract(epoch FROM closed_until - clock_timestamp()) * 1000))::bigint, 0)
        FROM throttle WHERE key = ANY ($1::bytea[])
        """)
    private static let forget = SQLText("DELETE FROM throttle WHERE key = ANY ($1::bytea[])")
    // The budget was open when the attempt began.
    private static let takeBack = SQLText(
        "UPDATE throttle SET failures = greatest(failures - 1, 0), closed_until = NULL WHERE key = ANY ($1::bytea[])"
    )

    /// Locks the budgets, counts the attempt in all or none of them, and reads the wait.
    public func countAttempt(_ budgets: [ThrottledBudget]) async throws(StoreError) -> Duration? {
        let keys = Self.column(budgets.map(\.key))
        func column(_ value: (SignInThrottle.Budget) -> Int) -> PostgresValue {
            .column(.int8, budgets) { .integer(value($0.budget)) }
        }
        func milliseconds(_ duration: Duration) -> Int { Int(duration.wholeMilliseconds) }
        let memory = column { milliseconds($0.memory) }
        let steps = [
            PostgresStep(Self.pruneThrottle),
            PostgresStep(Self.open, [keys, memory]),
            PostgresStep(
                Self.count,
                [
                    keys, column(\.free), column { milliseconds($0.shortest) },
                    column { milliseconds($0.longest) }, memory,
                ]),
            PostgresStep(Self.wait, [keys]),
        ]
        return try await database.change(steps, locking: .several) { answers in
            if answers.affected(2) > 0 { return nil }
            let wait = try answers.first(3) { row in try row.integer(0) } ?? 0
            return .milliseconds(max(wait, 1))
        }
    }

    /// Deletes the forgotten budgets and takes one attempt back from the others.
    public func uncountAttempt(
        forgotten: [ThrottledBudget.Key], takenBack: [ThrottledBudget.Key]
    ) async throws(StoreError) {
        let steps = [
            PostgresStep(Self.forget, [Self.column(forgotten)]),
            PostgresStep(Self.takeBack, [Self.column(takenBack)]),
        ]
        try await database.change(steps, locking: .several) { _ in }
    }

    private static func column(_ keys: [ThrottledBudget.Key]) -> PostgresValue {
        .column(.bytea, keys) { .bytes($0.bytes) }
    }
}
