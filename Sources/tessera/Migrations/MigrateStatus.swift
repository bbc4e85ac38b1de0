import TesseraJSON
import TesseraSQLite
import TesseraStores

/// `tessera migrate status`
enum MigrateStatus {
    static let command = Command(
        "status", "Show applied and pending migrations.",
        parameters: [CommonParameters.json] + CommonParameters.workspace,
        examples: ["tessera migrate status"],
        database: .reads
    ) { invocation in
        let migrations = try await migrations(invocation)
        if invocation[CommonParameters.json] {
            invocation.console.printJSON { json in
                json.array { json in
                    for migration in migrations {
                        json.object { json in
                            json.member("version", migration.version)
                            json.member("name", migration.name)
                            json.member("applied", migration.isApplied)
                            json.member("known", migration.isKnown)
                        }
                    }
                }
            }
        } else {
            let rows = migrations.map { migration in
                let state = migration.isKnown ? "applied" : "applied by a newer version"
                return [String(migration.version), migration.name, migration.isApplied ? state : "pending"]
            }
            invocation.console.print("\(Table(["VERSION", "NAME", "STATE"], rows))")
        }
    }

    /// If there is no database, all migrations are pending, and none is created.
    private static func migrations(_ invocation: Invocation) async throws -> [Migrator.Status] {
        if let absence = Workspace.absence(of: invocation[CommonParameters.database]) {
            invocation.console.note(absence)
            return try Migrator.tessera.status(try .inMemory())
        }
        let database = try await Workspace.openDatabase(invocation)
        defer { database.close() }
        return try await database.migrations()
    }
}
