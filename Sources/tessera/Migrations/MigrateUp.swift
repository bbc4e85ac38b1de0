import TesseraStores

/// `tessera migrate up`
enum MigrateUp {
    static let command = Command(
        "up", "Apply pending migrations.",
        parameters: CommonParameters.workspace,
        examples: ["tessera migrate up --database sqlite:/var/lib/tessera/tessera.db"],
        database: .changes
    ) { invocation in
        let database = try await Workspace.openDatabase(invocation)
        defer { database.close() }
        let applied = try await database.migrate(evenIfTakenBack: true)
        for migration in applied { invocation.console.note("applied \(migration.version) \(migration.name)") }
        if applied.isEmpty { invocation.console.note("No migrations are pending.") }
    }
}
