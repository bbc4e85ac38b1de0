package import TesseraCore
import TesseraCrypto

/// A set of migrations, which it applies and takes back one at a time, each in a transaction.
///
/// A database can have several sets, each with its own versions: that of Tessera, and that of the program that embeds it. The
/// table `schema_migration` lists the applied migrations. Two processes may start at once: each step first takes a lock, the
/// write lock of the SQLite file or a lock for migrations in PostgreSQL, and then looks for the next migration.
///
/// Migrations that an operator takes back stay back until they are requested again: the table `schema_hold` lists such sets.
///
/// Each row also names the newest migration that a program must know to work with it. So a program can decide whether it works
/// with a migration that only a newer version knows, and nodes can be replaced one by one while all of them serve.
public struct Migrator: Sendable {
    /// The status of one migration.
    public struct Status: Sendable, Hashable {
        /// The number of the migration in its set.
        public let version: Int
        /// The subject of the migration.
        public let name: String
        /// Indicates that the migration is applied.
        public let isApplied: Bool
        /// Indicates that this version knows the migration. It can work with the others that the database may have.
        public let isKnown: Bool

        init(version: Int, name: String, isApplied: Bool, isKnown: Bool = true) {
            self.version = version
            self.name = name
            self.isApplied = isApplied
            self.isKnown = isKnown
        }
    }

    /// The applied migrations, with all of which this version can work.
    struct Standing {
        /// The number of applied migrations that this version knows.
        var count = 0
        /// The applied migrations of a newer version.
        var newer: [AppliedMigration] = []
    }

    /// The name of the set, such as `dragon_treasure`.
    public let set: String
    let migrations: [Migration]

    /// Makes a set of migrations.
    ///
    /// - Parameter migrations: The migrations in ascending order of their versions, from 1 on. Numbers may be left out.
    public init(set: String, migrations: [Migration]) {
        precondition(
            zip([0] + migrations.map(\.version), migrations.map(\.version)).allSatisfy { $0 < $1 },
            "the migrations of \(set) are not numbered in ascending order from 1 on")
        self.set = set
        self.migrations = migrations
    }

    /// The applied migrations, with all of which this version can work.
    ///
    /// - Parameter applied: The rows of the table, in ascending order.
    /// - Throws: ``StoreError`` `.notMigrated` when an applied migration was edited since, or when a migration of a newer version
    ///   requires one that this version does not know.
    func standing(_ applied: [AppliedMigration]) throws(StoreError) -> Standing {
        let newest = migrations.last?.version ?? 0
        var standing = Standing()
        for record in applied {
            if record.version > newest {
                guard record.requires <= newest else { throw tooNew(record) }
                standing.newer.append(record)
                continue
            }
            guard migrations.contains(where: { $0.version == record.version }) else { throw tooNew(record) }
            let expected = migrations[standing.count]
            guard record.version == expected.version else { throw missing(expected) }
            guard record.checksum == expected.checksum.bytes else {
                throw StoreError(
                    .notMigrated,
                    "Migration \(record.version) (\(record.name)) of \(set) was edited after it was applied.")
            }
            standing.count += 1
        }
        // A newer migration was applied after all that this version knows.
        if !standing.newer.isEmpty, standing.count < migrations.count {
            throw missing(migrations[standing.count])
        }
        return standing
    }

    private func tooNew(_ record: AppliedMigration) -> StoreError {
        StoreError(
            .notMigrated,
            "The database was made by a newer version: it has migration \(record.version) (\(record.name)) of \(set), which is not known here and requires a version that knows migration \(record.requires)."
        )
    }

    private func missing(_ migration: Migration) -> StoreError {
        StoreError(.notMigrated, "Migration \(migration.version) of \(set) is missing among those applied.")
    }

    /// The next migration to take back, above `version`; `nil` when there is none.
    ///
    /// - Throws: ``StoreError`` `.notMigrated` when this version does not know it.
    func lastToRevert(above version: Int, _ standing: Standing) throws(StoreError) -> Migration? {
        if let newer = standing.newer.last {
            throw StoreError(
                .notMigrated,
                "Migration \(newer.version) (\(newer.name)) of \(set) was made by a newer version, which alone can take it back."
            )
        }
        return migrations.prefix(standing.count).last.flatMap { $0.version > version ? $0 : nil }
    }

    /// The status of each migration, in their order.
    func statuses(_ standing: Standing) -> [Status] {
        let known = migrations.enumerated().map { index, migration in
            Status(version: migration.version, name: migration.name, isApplied: index < standing.count)
        }
        return known
            + standing.newer.map {
                Status(version: $0.version, name: $0.name, isApplied: true, isKnown: false)
            }
    }

    /// Refuses to apply migrations that an operator has taken back.
    ///
    /// - Throws: ``StoreError`` `.notMigrated`, which names the pending migrations, if there are any.
    func requireNothingTakenBack(_ statuses: [Status]) throws(StoreError) {
        do throws(StoreError) {
            try statuses.requireAllApplied()
        } catch {
            throw StoreError(
                error.code, "\(error.sentence) They were taken back, and are not applied again by themselves."
            )
        }
    }

    /// The error of a migration, with its name.
    func failure(of migration: Migration, _ error: StoreError) -> StoreError {
        StoreError(
            error.code, "Migration \(migration.version) (\(migration.name)) of \(set): \(error.sentence)")
    }
}

extension [Migrator.Status] {
    /// Requires that no migration is pending.
    ///
    /// - Throws: ``StoreError`` `.notMigrated`, which names the pending migrations.
    func requireAllApplied() throws(StoreError) {
        let pending = filter { !$0.isApplied }
        guard pending.isEmpty else {
            let names = pending.map { "\($0.version) (\($0.name))" }.joined(separator: ", ")
            throw StoreError(.notMigrated, "The database waits for migrations: \(names).")
        }
    }

    /// Requires that this version knows all migrations, as a copy of the database needs.
    ///
    /// - Throws: ``StoreError`` `.notMigrated`, which names a migration of a newer version.
    package func requireAllKnown() throws(StoreError) {
        guard let newer = first(where: { !$0.isKnown }) else { return }
        throw StoreError(
            .notMigrated,
            "The database was changed by a newer version: it has migration \(newer.version) (\(newer.name)), which is not known here."
        )
    }
}

/// A row of the table of applied migrations.
struct AppliedMigration {
    let version: Int
    let name: String
    let checksum: [UInt8]
    /// The newest migration that a program must know to work with this one.
    let requires: Int
}
