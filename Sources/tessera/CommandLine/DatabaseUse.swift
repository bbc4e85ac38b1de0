/// The use that a command makes of the database. Each command declares it, so that no command decides by itself to
/// create or migrate a database.
enum DatabaseUse: Sendable, Hashable, CaseIterable {
    /// No database, or one that the command opens by itself.
    case none
    /// Reads. The database must exist and be migrated; the command never creates or migrates it.
    case reads
    /// Changes data. A SQLite file is created, and is migrated unless it was migrated down.
    case changes
    /// Reverts migrations. The database must exist.
    case takesBack

    /// Indicates that a SQLite file must already exist.
    var needsDatabase: Bool { self == .reads || self == .takesBack }
}
