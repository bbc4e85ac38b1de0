import TesseraSQLite
import TesseraStores

/// `tessera backup FILE`
enum Backup {
    private static let file = Parameter.positional(.file, "The file to write, readable only by its owner.")
    private static let force = Parameter.flag("--force", "Replace an existing file.")

    static let command = Command(
        "backup", "Copy the database to a file, also while a server is running.",
        details: """
            The copy is a consistent snapshot. It is checked, and appears under its name only when it is complete and durable. \
            A server can read and write in the meantime. Do not copy a database that is in use with cp; this is not safe.
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
