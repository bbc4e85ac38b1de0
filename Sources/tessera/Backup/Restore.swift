import TesseraSQLite
import TesseraStores

/// `tessera restore FILE`
enum Restore {
    private static let file = Parameter.positional(.file, "A file that ‘tessera backup’ has written.")
    private static let force = Parameter.flag("--force", "Replace an existing database.")

    static let command = Command(
        "restore", "Replace the database with a backup.",
        details: """
            Stop the server first; a database in use is refused. The backup is checked before anything changes, and is \
            kept. All changes since the backup are lost, including revocations: such tokens are valid again until \
            you revoke them again.
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
            "restored \(ByteCount(size)) to \(Printable.escaped(database.description)); tokens revoked since the backup are valid again"
        )
    }
}
