public import TesseraDatabase
public import TesseraSQLite

/// Backups of a database that has the tables of Tessera.
extension SQLiteBackup {
    /// Copies a database into a file of its own while other connections read and write it.
    ///
    /// Costs about one reading and one writing of the whole file; no other connection waits for it. The write-ahead log
    /// grows by the changes that happen meanwhile.
    ///
    /// - Parameters:
    ///   - database: The path of the database.
    ///   - file: The path of the copy, which gets mode 0600.
    ///   - isReplacing: `true` to replace an existing file.
    ///   - progress: Called every 16 MiB.
    /// - Returns: The size of the copy in bytes.
    /// - Throws: ``StoreError`` with a sentence for the operator.
    @discardableResult
    public static func write(
        _ database: String, to file: String, isReplacing: Bool, progress: (Progress) -> Void = { _ in }
    ) throws(StoreError) -> Int {
        try write(database, to: file, isReplacing: isReplacing, isOurs: isTessera, progress: progress)
    }

    /// Puts a copy in the place of a database that no process is using.
    ///
    /// Checks the copy first, and keeps it. The former content of the database is lost. If this ends early, for whatever
    /// reason, the database is wholly the old one or wholly the restored one.
    ///
    /// - Parameters:
    ///   - file: A file that ``write(_:to:isReplacing:progress:)`` has made.
    ///   - database: The path of the database. If it is a symbolic link, the target of the link is replaced.
    ///   - isReplacing: `true` to replace an existing database.
    ///   - progress: Called every 16 MiB.
    /// - Returns: The size of the database in bytes.
    /// - Throws: ``StoreError`` with a sentence for the operator. The database is then unchanged, unless the sentence says
    ///   that it was replaced.
    @discardableResult
    public static func restore(
        _ file: String, to database: String, isReplacing: Bool, progress: (Progress) -> Void = { _ in }
    ) throws(StoreError) -> Int {
        try restore(file, to: database, isReplacing: isReplacing, isOurs: isTessera, progress: progress)
    }

    private static func isTessera(_ connection: SQLiteConnection) throws(StoreError) -> Bool {
        try Migrator.tessera.appliedCount(connection) > 0
    }
}
