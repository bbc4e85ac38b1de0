import TesseraStores

/// `tessera migrate down`
enum MigrateDown {
    private static let target = Parameter.option(
        "--to", .number("N", in: 0...9_999),
        "The last migration to keep; 0 takes back all. The one before the last if not given.")

    static let command = Command(
        "down", "Take migrations back; what they kept is lost.",
        details: "At a terminal it asks first, unless told --yes.",
        parameters: [target, CommonParameters.yes] + CommonParameters.workspace,
        examples: ["tessera migrate down", "tessera migrate down --to 0"]
    ) { invocation in
        let database = try Workspace.openDatabase(invocation)
        defer { database.close() }
        let applied = try Migrator.tessera.status(database).filter(\.isApplied)
        let kept = invocation[target] ?? max(0, applied.count - 1)
        guard applied.count > kept else {
            invocation.console.note("Nothing is to be taken back.")
            return
        }
        try Confirmation.ask(
            "Take back \(applied.count - kept) of \(applied.count) migrations, with what they keep?",
            invocation)
        for migration in try await Migrator.tessera.down(to: kept, database) {
            invocation.console.note("took back \(migration.version) \(migration.name)")
        }
    }
}
