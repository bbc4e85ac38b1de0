import TesseraCore
import TesseraCrypto
import TesseraDatabase
import TesseraTestKit
import TesseraTime
import Testing

@testable import TesseraPostgres
@testable import TesseraStores

@Suite(.serialized) struct PostgresDatabaseTests {
    private func openWithTable(
        _ options: PostgresDatabase.Options = .init()
    ) async throws -> (PostgresDatabase, PostgresServer, PostgresURL) {
        let server = try await PostgresServer.running()
        let url = try await server.makeDatabase()
        let database = try await PostgresDatabase.open(url, options: options)
        try await database.change([PostgresStep(Self.makeTable)]) { _ in }
        return (database, server, url)
    }

    private static let makeTable = SQLText(
        "CREATE TABLE t (n bigint PRIMARY KEY, s text, UNIQUE (s) DEFERRABLE INITIALLY DEFERRED)")
    private static let insert = SQLText("INSERT INTO t (n, s) VALUES ($1, $2)")
    private static let numbers = SQLText("SELECT n FROM t ORDER BY n")
    private static let count = SQLText("SELECT count(*) FROM t")
    private static let backend = SQLText("SELECT pg_backend_pid()")

    private func count(_ database: PostgresDatabase) async throws -> Int64? {
        try await database.first(Self.count) { row in try row.integer(0) }
    }

    @Test func changesAreRead() async throws {
        let (database, _, _) = try await openWithTable()
        let (affected, rows) = try await database.change([
            PostgresStep(Self.insert, [.integer(1), .text("one")]),
            PostgresStep(Self.insert, [.integer(2), .null]),
            PostgresStep(Self.numbers),
        ]) { answers in
            (answers.affected(0), try answers.rows(2) { row in try row.integer(0) })
        }
        #expect(affected == 1)
        #expect(rows == [1, 2])
        #expect(try await database.query(Self.numbers) { row in try row.integer(0) } == [1, 2])
        database.close()
    }

    @Test func everyKindOfValueIsReadAsWritten() async throws {
        let (database, _, _) = try await openWithTable()
        let statement = SQLText(
            "SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9::inet, $10::timestamptz, $11, $12")
        let id = Identifier<User>(high: 0x0123_4567_89AB_7CDE, low: 0x8FED_CBA9_8765_4321)
        let old = NumericDate(milliseconds: -1)
        let metadata = try TokenMetadata(["place": "the \"cave\""])
        let scope = Scope([try #require(ScopeToken("b")), try #require(ScopeToken("a"))])
        let values: [PostgresValue] = [
            .integer(.min), .boolean(true), .text("håll"), .bytes([0, 255]), .identifier(id), .instant(old),
            .scope(scope), .metadata(metadata),
            .address(ClientAddress(high: 0, low: 0xFFFF_7F00_0001)),
            .instant(NumericDate(milliseconds: .max)),
            .text(""), .texts([]),
        ]
        let found = try await database.first(statement, values) { row in
            [
                .integer(try row.integer(0)), .boolean(try row.boolean(1)), .text(try row.text(2)),
                .bytes(try row.bytes(3)), .identifier(try row.identifier(4, Identifier<User>.self)),
                .instant(try row.instant(5)), .scope(try row.scope(6)), .metadata(try row.metadata(7)),
                .address(try row.addressOrNil(8)), .instant(try row.instant(9)), .text(try row.text(10)),
                .texts(try row.texts(11)),
            ] as [PostgresValue]
        }
        #expect(found == values)
        await #expect(throws: StoreError.self) {
            try await database.first(statement, values) { row in try row.text(0) }
        }
    }

    @Test func instantsAreExact() {
        for milliseconds: Int64 in [
            0, 1, -1, 946_684_800_000, 946_684_799_999, 253_402_300_799_999, .min, .max,
        ] {
            let instant = NumericDate(milliseconds: milliseconds)
            #expect(PostgresInstant.read(PostgresInstant.write(instant)) == instant)
        }
        #expect(PostgresInstant.read(-1) == NumericDate(milliseconds: 946_684_799_999))
    }

    @Test func nullBeforeAndAfterAValueIsNull() async throws {
        let (database, _, _) = try await openWithTable()
        let values: [PostgresValue] = [.null, .text("a"), .null, .text("b")]
        for (index, value) in values.enumerated() {
            try await database.change([PostgresStep(Self.insert, [.integer(index), value])]) { _ in }
        }
        let statement = SQLText("SELECT s FROM t ORDER BY n")
        #expect(
            try await database.query(statement) { row in try row.textOrNil(0) } == [nil, "a", nil, "b"])
    }

    @Test func aChangeIsAtomic() async throws {
        let (database, _, _) = try await openWithTable()
        let error = await #expect(throws: StoreError.self) {
            try await database.change([
                PostgresStep(Self.insert, [.integer(1), .null]),
                PostgresStep(Self.insert, [.integer(1), .text("secret value")]),
            ]) { _ in }
        }
        #expect(error?.code == .corrupt)
        #expect(error?.sentence.contains("secret") == false)
        #expect(try await count(database) == 0)
    }

    @Test func aFailedCommitIsNotConfirmed() async throws {
        let (database, _, _) = try await openWithTable()
        try await database.change([PostgresStep(Self.insert, [.integer(1), .text("a")])]) { _ in }
        // PostgreSQL checks the constraint when the transaction ends.
        let error = await #expect(throws: StoreError.self) {
            try await database.change([PostgresStep(Self.insert, [.integer(2), .text("a")])]) { _ in }
        }
        #expect(error?.code == .corrupt)
        #expect(try await count(database) == 1)
    }

    @Test func aFailingChangeDoesNotAffectOthers() async throws {
        let (database, _, _) = try await openWithTable()
        try await database.change([PostgresStep(Self.insert, [.integer(13), .null])]) { _ in }
        let done = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<400 {
                group.addTask {
                    do {
                        try await database.change([
                            PostgresStep(Self.insert, [.integer(number % 200), .null])
                        ]) { _ in }
                        return true
                    } catch let error as StoreError where error.code == .corrupt {
                        return false
                    }
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(done == 199)
        #expect(try await count(database) == 200)
    }

    @Test func manyReadsAtOnceAreAllAnswered() async throws {
        let (database, _, _) = try await openWithTable()
        let statement = SQLText("SELECT $1::bigint * 2")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<2_000 {
                group.addTask {
                    let double = try await database.first(statement, [.integer(number)]) { row in
                        try row.integer(0)
                    }
                    #expect(double == Int64(number * 2))
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func aFailingReadDoesNotAffectOthers() async throws {
        let (database, _, _) = try await openWithTable()
        let statement = SQLText("SELECT 1 / $1::bigint")
        let failures = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask {
                    do {
                        _ = try await database.first(statement, [.integer(number % 10)]) { _ in }
                        return false
                    } catch let error as StoreError where error.code == .corrupt {
                        return true
                    }
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(failures == 20)
    }

    @Test func aMissingTableIsAMissingMigration() async throws {
        let (database, _, _) = try await openWithTable()
        let statement = SQLText("SELECT * FROM nowhere")
        for _ in 0..<2 {
            let error = await #expect(throws: StoreError.self) {
                try await database.query(statement) { _ in }
            }
            #expect(error?.code == .notMigrated)
        }
        #expect(try await count(database) == 0)
    }

    @Test func aTableThatChangesUnderAPreparedStatementIsReadAnew() async throws {
        let (database, server, url) = try await openWithTable()
        let statement = SQLText("SELECT * FROM t")
        #expect(try await database.query(statement) { _ in }.isEmpty)
        try await server.execute("ALTER TABLE t ADD COLUMN more text", in: url.database)
        #expect(try await database.query(statement) { _ in }.isEmpty)
    }

    @Test func aDeadlockIsResolved() async throws {
        let (database, _, url) = try await openWithTable()
        let other = try await PostgresDatabase.open(url)
        for number in 1...2 {
            try await database.change([PostgresStep(Self.insert, [.integer(number), .null])]) { _ in }
        }
        let update = SQLText("UPDATE t SET s = NULL WHERE n = $1")
        let pause = SQLText("SELECT 1 FROM pg_sleep(0.3)")
        func cross(_ database: PostgresDatabase, _ first: Int, _ second: Int) async throws {
            try await database.change([
                PostgresStep(update, [.integer(first)]), PostgresStep(pause),
                PostgresStep(update, [.integer(second)]),
            ]) { _ in }
        }
        async let here: Void = cross(database, 1, 2)
        async let there: Void = cross(other, 2, 1)
        _ = try await (here, there)
    }

    @Test func aStatementThatTakesTooLongIsEnded() async throws {
        let (database, _, _) = try await openWithTable(.init(statementTimeout: .milliseconds(300)))
        let statement = SQLText("SELECT 1 FROM pg_sleep(10)")
        let error = await #expect(throws: StoreError.self) { try await database.query(statement) { _ in } }
        #expect(error?.code == .unavailable)
        #expect(try await count(database) == 0)
    }

    @Test func aConnectionThatIsEndedIsReplaced() async throws {
        let (database, server, url) = try await openWithTable()
        try await database.change([PostgresStep(Self.insert, [.integer(1), .null])]) { _ in }
        try await server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(url.database)'")
        #expect(try await count(database) == 1)
    }

    @Test func aReadIsDoneOnceMoreWhenItsConnectionIsLost() async throws {
        let (database, server, url) = try await openWithTable()
        // Ends its own connection the first time; a sequence remembers this across connections.
        try await server.execute("CREATE SEQUENCE once", in: url.database)
        let statement = SQLText(
            "SELECT CASE WHEN nextval('once') = 1 THEN pg_terminate_backend(pg_backend_pid())::text ELSE 'again' END"
        )
        #expect(try await database.first(statement) { row in try row.text(0) } == "again")
    }

    @Test func aChangeWhoseConnectionIsLostIsNotDoneAgain() async throws {
        let (database, server, url) = try await openWithTable()
        try await server.execute("CREATE SEQUENCE once", in: url.database)
        let statement = SQLText(
            "SELECT CASE WHEN nextval('once') = 1 THEN pg_terminate_backend(pg_backend_pid())::text ELSE 'again' END"
        )
        let error = await #expect(throws: StoreError.self) {
            try await database.change([
                PostgresStep(Self.insert, [.integer(1), .null]), PostgresStep(statement),
            ]) { _ in }
        }
        // The server reports it before the commit, so it is certain that no change took effect.
        #expect(error?.code == .unavailable)
        #expect(error?.sentence.contains("57P01") == true)
        #expect(error?.sentence.contains("not known") == false)
        #expect(try await count(database) == 0)
    }

    @Test func aFrozenServerIsDistinguishedFromOneThatAnswers() async throws {
        let server = try await PostgresServer()
        let database = try await PostgresDatabase.open(
            server.url(of: "postgres"),
            options: .init(
                requestTimeout: .milliseconds(800), statementTimeout: .milliseconds(600),
                connectTimeout: .seconds(2)))
        server.freeze()
        let start = monotonicNow
        let error = await #expect(throws: StoreError.self) { try await database.first(Self.backend) { _ in } }
        #expect(error?.code == .unavailable)
        #expect((800_000_000...1_500_000_000).contains(monotonicNow - start))
        // Soon no request waits any longer.
        while true {
            let start = monotonicNow
            _ = try? await database.first(Self.backend) { _ in }
            if monotonicNow - start < 100_000_000 { break }
        }
        server.thaw()
        while (try? await database.first(Self.backend) { _ in }) == nil {}
        database.close()
    }

    @Test func aLongStatementIsDistinguishedFromAFrozenServer() async throws {
        let server = try await PostgresServer()
        let options = PostgresDatabase.Options(silenceLimit: .milliseconds(1_000))
        let database = try await PostgresDatabase.open(server.url(of: "postgres"), options: options)
        // Several times the limit on the server's silence.
        try await database.session { connection in try connection.runScript("SELECT pg_sleep(2.5)") }
        let error = await #expect(throws: StoreError.self) {
            try await database.session { connection in
                server.freeze()
                try connection.runScript("SELECT 1")
            }
        }
        server.thaw()
        #expect(error?.code == .unavailable)
        #expect(error?.sentence.contains("What became of the statement is not known") == true)
        database.close()
    }

    @Test func closingFinishesWaitingRequests() async throws {
        let (database, _, url) = try await openWithTable()
        let done = await withTaskGroup(of: Int.self) { group in
            for number in 0..<50 {
                group.addTask {
                    let step = PostgresStep(Self.insert, [.integer(number), .null])
                    return (try? await database.change([step]) { _ in 1 }) ?? 0
                }
            }
            group.addTask {
                database.close()
                return 0
            }
            return await group.reduce(0, +)
        }
        await #expect(throws: StoreError.self) { try await count(database) }
        let again = try await PostgresDatabase.open(url)
        #expect(try await count(again) == Int64(done))
    }

    @Test func aRequestBeyondTheQueueIsRefusedAtOnce() async throws {
        let (database, _, _) = try await openWithTable(.init(queueCapacity: 10))
        let refused = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    (try? await database.first(SQLText("SELECT 1 FROM pg_sleep(0.05)")) { _ in })
                        == nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(refused > 0)
        #expect(try await count(database) == 0)
    }

    @Test func anAbsentServerIsReportedAtOnce() async throws {
        let url = try PostgresURL("postgres://nobody:hunter2secret@127.0.0.1:1/nowhere")
        let error = await #expect(throws: StoreError.self) { try await PostgresDatabase.open(url) }
        #expect(error?.code == .unavailable)
        #expect(error?.sentence.contains("hunter2secret") == false)
        #expect(error?.sentence.contains("127.0.0.1") == true)
    }

    @Test func aWrongPasswordIsReportedWithoutThePassword() async throws {
        let server = try await PostgresServer.running()
        try await server.execute("CREATE ROLE ember LOGIN PASSWORD 'right-one'")
        let right = try PostgresURL("postgres://ember:right-one@127.0.0.1:\(server.port)/postgres")
        try await PostgresDatabase.open(right).close()
        let wrong = try PostgresURL("postgres://ember:wrong-one@127.0.0.1:\(server.port)/postgres")
        let error = await #expect(throws: StoreError.self) { try await PostgresDatabase.open(wrong) }
        #expect(error?.sentence.contains("wrong-one") == false)
        #expect(error?.sentence.contains("password authentication failed") == true)
    }
}
