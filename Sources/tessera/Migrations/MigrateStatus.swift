import TesseraJSON
import TesseraStores

/// `tessera migrate status`
enum MigrateStatus {
    static let command = Command(
        "status", "Show which migrations are applied.",
        parameters: [CommonParameters.json] + CommonParameters.workspace,
        examples: ["tessera migrate status"]
    ) { invocation in
        let database = try await Workspace.openDatabase(invocation)
        defer { database.close() }
        let migrations = try await database.migrations()
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
}
