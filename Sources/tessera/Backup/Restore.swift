import TesseraSQLite
import TesseraStores

/// `tessera restore FILE`
enum Restore {
    private static let file = Parameter.positional(.file, "What ‘tessera backup’ has made.")
    private static let force = Parameter.flag("--force", "Replace the database if it is there.")

    static let command = Command(
        "restore", "Put a backup in the place of the database.",
        details: """
            Stop the server first; a database in use is refused. The backup is checked before anything is changed, and \
            stays. What happened since it was made is undone, revocations among it: such tokens live again until \
            they are revoked once more.
            """,
        parameters: [file, force] + CommonParameters.workspace,
        examples: [
            "tessera restore /var/backups/tessera.backup --database sqlite:/var/lib/tessera/tessera.db",
            "tessera restore --force nightly.backup",
        ],
        database: .none
    ) { invocation in
        let file = invocation[file]
        let database = invocation[CommonParameters.database]
        var progress = CopyProgress(invocation.console)
        let size = try SQLiteBackup.restore(
            file, to: try database.file, isReplacing: invocation[force], progress: { progress.report($0) })
        invocation.console.note(
            "restored \(ByteCount(size)) to \(Printable.escaped(database.description)); what was revoked since the backup lives again"
        )
    }
}
