import TesseraCore
import TesseraHosting
import TesseraJSON
import TesseraServer
import TesseraStores
import TesseraTime

/// `tessera status`
enum ShowStatus {
    static let command = Command(
        "status", "Show the contents and size of the database and the results of background jobs.",
        details: """
            Works while a server is running, which records the results of its jobs twice a minute. Nothing is changed. \
            Large numbers of rows are estimated and marked with ~.
            """,
        parameters: [CommonParameters.json] + CommonParameters.workspace,
        examples: ["tessera status", "tessera status --json"],
        database: .reads
    ) { invocation in
        let status = try await facts(invocation)
        if invocation[CommonParameters.json] {
            invocation.console.printJSON { $0.object { $0.members(of: status) } }
        } else {
            invocation.console.print(status.text)
        }
    }

    /// The facts to show.
    fileprivate struct Facts {
        let database: String
        let migrations: [Migrator.Status]
        /// `nil` while migrations are pending, because the tables cannot be counted.
        let content: (census: StoreCensus, runs: [JobRun], irregular: [IrregularAddress])?
        let now: NumericDate
    }

    private static func facts(_ invocation: Invocation) async throws -> Facts {
        let url = invocation[CommonParameters.database]
        let database = try await Workspace.openDatabase(invocation)
        defer { database.close() }
        let now = WallClock.system.now
        let migrations = try await database.migrations()
        var content: (StoreCensus, [JobRun], [IrregularAddress])?
        if migrations.allSatisfy(\.isApplied) {
            let store = database.store
            content = (
                try await store.census(at: now), try await store.jobRuns(),
                try await store.irregularAddresses(limit: .max)
            )
        }
        return Facts(database: url.description, migrations: migrations, content: content, now: now)
    }
}

extension ShowStatus.Facts {
    fileprivate var text: String {
        guard let (census, runs, irregular) = content else {
            return """
                \(FactSheet(sheet))

                Apply the migrations with ‘tessera migrate up’ to see the contents.
                """
        }
        let rows = census.rows.map { rows in
            let mark = rows.isExact ? "" : "~"
            return [rows.table.rawValue, "\(mark)\(rows.live)", "\(mark)\(rows.dead)"]
        }
        let jobs =
            runs.isEmpty
            ? "No server has used this database yet."
            : "\(Table(["JOB", "LAST RUN", "TOOK", "ROWS", "WAITING", "STATE"], runs.map(row)))"
        return """
            \(FactSheet(sheet))

            \(Table(["ROWS", "LIVE", "DEAD"], rows))

            \(jobs)\(irregular.map { "\n\n\($0.sentence)" }.joined())
            """
    }

    private var sheet: [(String, String)] {
        let pending = migrations.filter { !$0.isApplied }.map { "\($0.version) (\($0.name))" }
        let applied = migrations.count - pending.count
        var sheet = [
            ("Database", database),
            (
                "Migrations",
                "\(applied) applied, \(pending.isEmpty ? "none" : pending.joined(separator: ", ")) pending"
            ),
        ]
        if let size = content?.census.size { sheet.append(("Size", "\(ByteCount(size))")) }
        if let size = content?.census.logSize { sheet.append(("Log", "\(ByteCount(size))")) }
        return sheet
    }

    private func row(of run: JobRun) -> [String] {
        [
            run.job.rawValue, run.at.inTable, "\(run.duration.milliseconds) ms", String(run.rows),
            run.waiting.map(String.init) ?? "-",
            run.complaint.map { "failed \(run.failures) times: \($0)" } ?? "ok",
        ]
    }
}

extension Duration {
    /// Whole milliseconds, rounded up so that no duration is 0.
    fileprivate var milliseconds: Int64 { Int64((self / .milliseconds(1)).rounded(.up)) }
}

extension JSONWriter {
    fileprivate mutating func members(of status: ShowStatus.Facts) {
        member("database", status.database)
        member("at", status.now.rfc3339)
        member("migrations") { json in
            json.array { json in
                for migration in status.migrations {
                    json.object { json in
                        json.member("version", migration.version)
                        json.member("name", migration.name)
                        json.member("applied", migration.isApplied)
                    }
                }
            }
        }
        guard let (census, runs, irregular) = status.content else { return }
        member("size_bytes", census.size)
        member("log_bytes", census.logSize)
        member("rows") { json in
            json.array { json in
                for rows in census.rows {
                    json.object { json in
                        json.member("table", rows.table.rawValue)
                        json.member("live", rows.live)
                        json.member("dead", rows.dead)
                        json.member("estimated", !rows.isExact)
                    }
                }
            }
        }
        member("irregular_addresses") { json in
            json.array { json in
                for address in irregular {
                    json.object { json in
                        json.member("user", address.user.description)
                        json.member("holder", address.holder?.description)
                        json.member("notice", address.sentence)
                    }
                }
            }
        }
        member("jobs") { json in
            json.array { json in
                for run in runs {
                    json.object { json in
                        json.member("job", run.job.rawValue)
                        json.member("last_run", run.at.rfc3339)
                        json.member("duration_microseconds", run.duration.wholeMicroseconds)
                        json.member("rows", run.rows)
                        json.member("waiting", run.waiting)
                        json.member("failures", run.failures)
                        json.member("complaint", run.complaint)
                    }
                }
            }
        }
    }
}
