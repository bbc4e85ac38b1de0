import TesseraStores

/// `tessera migrate down`
enum MigrateDown {
    private static let target = Parameter.option(
        "--to", .number("N", in: 0...9_999),
        "The last migration to keep; 0 takes back all. The one before the last if not given.")

    static let command = Command(
        "down", "Take migrations back; what they kept is lost.",
        details: """
            At a terminal it asks first, unless told --yes. From then on, only ‘tessera migrate up’ and ‘tessera serve \
            --migrate’ apply them again; every other command refuses.
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
            invocation.console.note("Nothing is to be taken back.")
            return
        }
        try Confirmation.ask(
            "Take back \(count) of \(applied.count) migrations, with what they keep?",
            invocation)
        for migration in try await database.revert(to: kept) {
            invocation.console.note("took back \(migration.version) \(migration.name)")
        }
    }
}
