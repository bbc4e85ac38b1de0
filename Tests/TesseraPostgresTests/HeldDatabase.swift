import TesseraDatabase
import TesseraStores
import TesseraTestKit
import Testing

@testable import TesseraPostgres

/// A database whose only connection goes through ``HeldAnswers``.
struct HeldDatabase {
    let server: PostgresServer
    let url: PostgresURL
    let answers: HeldAnswers
    let database: PostgresDatabase

    /// Time limits that never pass: while answers are held, a test beside others may be delayed by half a minute.
    static var patient: PostgresDatabase.Options {
        .init(connectionCount: 1, requestTimeout: .seconds(300), statementTimeout: .seconds(290))
    }

    init(_ options: PostgresDatabase.Options = HeldDatabase.patient) async throws {
        server = try await PostgresServer.running()
        url = try await server.makeDatabase()
        try await server.execute("CREATE TABLE t (n bigint PRIMARY KEY, times bigint)", in: url.database)
        try await server.execute(
            "INSERT INTO t SELECT n, 0 FROM generate_series(1, 1000) n", in: url.database)
        answers = try HeldAnswers(of: server)
        database = try await PostgresDatabase.open(answers.url(of: url, server), options: options)
    }

    func close() {
        database.close()
        answers.close()
    }

    /// The number of times that each of these changes took effect.
    func times(_ numbers: Range<Int>) async throws -> [Int] {
        let text = try await server.execute(
            "SELECT times FROM t WHERE n >= \(numbers.lowerBound) AND n < \(numbers.upperBound) ORDER BY n",
            in: url.database)
        return text.split(separator: "\n").compactMap { Int($0) }
    }

    func poll(_ condition: () -> Bool) async throws {
        for _ in 0..<2_000 where !condition() { try await Task.sleep(for: .milliseconds(5)) }
        try #require(condition())
    }

    /// Requests changes that share a transaction, and returns when the server has answered them. The program has not seen
    /// the answers.
    func begin(_ numbers: Range<Int>) async throws -> [Task<Void, any Error>] {
        // The answers of the connection's start must not be held.
        _ = try await database.first(Self.nothing) { _ in }
        answers.hold()
        let first = Task.immediate {
            _ = try await database.change([PostgresStep(Self.nothing)]) { _ in }
        }
        try await poll { answers.heldTransactions == 1 }
        // One group of changes at a time: these wait for the first, and then share a transaction.
        let changes = numbers.map { number in Task.immediate { try await change(number) } }
        answers.passOn()
        try await first.value
        try await poll { answers.heldTransactions == 1 }
        return changes
    }

    /// A change that must not take effect twice.
    func change(_ number: Int) async throws {
        let step = PostgresStep(Self.increment, [.integer(number)])
        try await database.change([step], locking: .one(high: 0, low: UInt64(number))) { _ in }
    }

    private static let nothing = SQLText("SELECT 1")
    private static let increment = SQLText("UPDATE t SET times = times + 1 WHERE n = $1")
}
