import TesseraStores

/// `tessera migrate down`
enum MigrateDown {
    private static let target = Parameter.option(
        "--to", .number("N", in: 0...9_999),
        "The last migration to keep; 0 reverts all. By default, only the last migration is reverted.")

    static let command = Command(
        "down", "Revert migrations; the data in their tables is lost.",
        details: """
            At a terminal it asks for confirmation unless --yes is given. Afterwards, only ‘tessera migrate up’ and ‘tessera serve \
            --migrate’ apply the migrations again; all other commands refuse to run.
            """,
        parameters: [target, CommonParameters.yes] + CommonParameters.workspace,
        examples: ["tessera migrate down", "tessera migrate down --to 0"],
        database: .takesBack
    ) { invocation in
        let database = try await Workspace.openDatabase(invocation)
        defer { database.close() }
        let applied = try await database.migrations().filter(\.isApplied)
        let kept = invocation[target] ?? applied.dropLast().last?.version ?? 0
        let count = applied.count { $0.version > kept }
        guard count > 0 else {
            invocation.console.note("There is nothing to revert.")
            return
        }
        try Confirmation.ask(
            "Revert \(count) of \(applied.count) migrations and delete the data in their tables?",
            invocation)
        for migration in try await database.revert(to: kept) {
            invocation.console.note("reverted \(migration.version) \(migration.name)")
        }
    }
}
