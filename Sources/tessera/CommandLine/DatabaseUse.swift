/// The use that a command makes of the database. Said where the command is declared, so that no command decides by itself
/// whether it may make or migrate one.
enum DatabaseUse: Sendable, Hashable, CaseIterable {
    /// None, or one of its own.
    case none
    /// Reads. The database must be there and migrated; it is never made, and never migrated.
    case reads
    /// Changes something. A SQLite file is made, and migrated unless it was migrated down.
    case changes
    /// Takes migrations back. The database must be there.
    case takesBack

    /// Whether a SQLite file must be there already.
    var needsDatabase: Bool { self == .reads || self == .takesBack }
}
