import TesseraSQLite
import TesseraStores

/// `tessera backup FILE`
enum Backup {
    private static let file = Parameter.positional(.file, "Where the copy goes; only its owner may read it.")
    private static let force = Parameter.flag("--force", "Replace the file if it is there.")

    static let command = Command(
        "backup", "Copy the whole database into one file, while it is in use.",
        details: """
            The copy is the state of one moment, checked, and there under its name only when it is whole and durable. \
            A server goes on reading and writing meanwhile. Copying the database with cp while it is in use is not safe.
            """,
        parameters: [file, force] + CommonParameters.workspace,
        examples: ["tessera backup /var/backups/tessera.backup", "tessera backup --force nightly.backup"],
        database: .reads
    ) { invocation in
        try Workspace.requireDatabase(invocation)
        let file = invocation[file]
        let database = try invocation[CommonParameters.database].file
        var progress = CopyProgress(invocation.console)
        let size = try SQLiteBackup.write(
            database, to: file, isReplacing: invocation[force], progress: { progress.report($0) })
        invocation.console.note("copied \(ByteCount(size)) to \(Printable.escaped(file))")
    }
}
