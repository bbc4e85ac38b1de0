import TesseraCore
import TesseraCrypto

/// Brings a schema up to date and takes it back, one migration and one transaction at a time.
///
/// A database can hold several sets, each with its own versions: Tessera's, and that of the program that embeds it. What
/// was applied stands in the table `schema_migration`. Two processes may start at once: each step takes a lock first,
/// that of the SQLite file or one for migrations in PostgreSQL, and then looks what there is to do.
public struct Migrator: Sendable {
    /// Where one migration stands.
    public struct Status: Sendable, Hashable {
        public let version: Int
        public let name: String
        public let isApplied: Bool
    }

    /// The name of the set, such as `dragon_treasure`.
    public let set: String
    let migrations: [Migration]

    /// - Parameter migrations: In ascending order of their versions, from 1 on; numbers may be left out.
    public init(set: String, migrations: [Migration]) {
        precondition(
            zip([0] + migrations.map(\.version), migrations.map(\.version)).allSatisfy { $0 < $1 },
            "the migrations of \(set) are not numbered in ascending order from 1 on")
        self.set = set
        self.migrations = migrations
    }

    /// How many of the migrations are applied, once it is certain that they are the ones we know.
    ///
    /// - Parameter applied: What stands in the table, in ascending order.
    /// - Throws: ``StoreError`` `.notMigrated` when an applied migration was edited since, or the database was made by a
    ///   newer version.
    func count(verifying applied: [AppliedMigration]) throws(StoreError) -> Int {
        for (index, record) in applied.enumerated() {
            guard migrations.contains(where: { $0.version == record.version }) else {
                throw StoreError(
                    .notMigrated,
                    "The database was made by a newer version: it has migration \(record.version) (\(record.name)) of \(set), which is not known here."
                )
            }
            guard record.version == migrations[index].version else {
                throw StoreError(
                    .notMigrated,
                    "Migration \(migrations[index].version) of \(set) is missing among those applied.")
            }
            guard record.checksum == migrations[index].checksum.bytes else {
                throw StoreError(
                    .notMigrated,
                    "Migration \(record.version) (\(record.name)) of \(set) was edited after it was applied.")
            }
        }
        return applied.count
    }

    /// Where each migration stands, when so many of them are applied.
    func statuses(applied count: Int) -> [Status] {
        migrations.enumerated().map { index, migration in
            Status(version: migration.version, name: migration.name, isApplied: index < count)
        }
    }

    /// Why a migration failed, by its name.
    func failure(of migration: Migration, _ error: StoreError) -> StoreError {
        StoreError(
            error.code, "Migration \(migration.version) (\(migration.name)) of \(set): \(error.sentence)")
    }
}

extension [Migrator.Status] {
    /// - Throws: ``StoreError`` `.notMigrated`, which names what is pending.
    func requireAllApplied() throws(StoreError) {
        let pending = filter { !$0.isApplied }
        guard pending.isEmpty else {
            let names = pending.map { "\($0.version) (\($0.name))" }.joined(separator: ", ")
            throw StoreError(.notMigrated, "The database waits for migrations: \(names).")
        }
    }
}

/// A migration as it stands in the table of those applied.
struct AppliedMigration {
    let version: Int
    let name: String
    let checksum: [UInt8]
}
