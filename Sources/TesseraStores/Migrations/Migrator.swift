package import TesseraCore
import TesseraCrypto

/// Brings a schema up to date and takes it back, one migration and one transaction at a time.
///
/// A database can hold several sets, each with its own versions: Tessera's, and that of the program that embeds it. What
/// was applied stands in the table `schema_migration`. Two processes may start at once: each step takes a lock first,
/// that of the SQLite file or one for migrations in PostgreSQL, and then looks what there is to do.
///
/// Migrations that were taken back stay back until somebody asks for them: the table `schema_hold` names the sets of which
/// that is so.
///
/// With each migration stands what it requires of a program. So a program can tell whether it gets along with a
/// migration that only a newer version knows: that is how nodes are replaced one by one while all of them serve.
public struct Migrator: Sendable {
    /// Where one migration stands.
    public struct Status: Sendable, Hashable {
        public let version: Int
        public let name: String
        public let isApplied: Bool
        /// Whether it is known here. Of those that are not, only such are found as this version gets along with.
        public let isKnown: Bool

        init(version: Int, name: String, isApplied: Bool, isKnown: Bool = true) {
            self.version = version
            self.name = name
            self.isApplied = isApplied
            self.isKnown = isKnown
        }
    }

    /// What is applied, once it is certain that this version gets along with it.
    struct Standing {
        /// How many of the migrations that are known here.
        var count = 0
        /// Those of a newer version.
        var newer: [AppliedMigration] = []
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

    /// What is applied, once it is certain that this version gets along with it.
    ///
    /// - Parameter applied: What stands in the table, in ascending order.
    /// - Throws: ``StoreError`` `.notMigrated` when an applied migration was edited since, or a newer version has made one
    ///   that requires more than is known here.
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
        // What is newer was applied on top of all that is known here.
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

    /// The migration that is to be taken back next, above `version`; `nil` when there is none.
    ///
    /// - Throws: ``StoreError`` `.notMigrated` when that is one that is not known here.
    func lastToRevert(above version: Int, _ standing: Standing) throws(StoreError) -> Migration? {
        if let newer = standing.newer.last {
            throw StoreError(
                .notMigrated,
                "Migration \(newer.version) (\(newer.name)) of \(set) was made by a newer version, which alone can take it back."
            )
        }
        return migrations.prefix(standing.count).last.flatMap { $0.version > version ? $0 : nil }
    }

    /// Where each migration stands, in order.
    func statuses(_ standing: Standing) -> [Status] {
        let known = migrations.enumerated().map { index, migration in
            Status(version: migration.version, name: migration.name, isApplied: index < standing.count)
        }
        return known
            + standing.newer.map {
                Status(version: $0.version, name: $0.name, isApplied: true, isKnown: false)
            }
    }

    /// Refuses to apply what was taken back on purpose.
    ///
    /// - Throws: ``StoreError`` `.notMigrated`, which names what is pending; nothing when nothing is.
    func requireNothingTakenBack(_ statuses: [Status]) throws(StoreError) {
        do throws(StoreError) {
            try statuses.requireAllApplied()
        } catch {
            throw StoreError(
                error.code, "\(error.sentence) They were taken back, and are not applied again by themselves."
            )
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

    /// For who must know all that is stored, such as a copy.
    ///
    /// - Throws: ``StoreError`` `.notMigrated`, which names what a newer version has made.
    package func requireAllKnown() throws(StoreError) {
        guard let newer = first(where: { !$0.isKnown }) else { return }
        throw StoreError(
            .notMigrated,
            "The database was changed by a newer version: it has migration \(newer.version) (\(newer.name)), which is not known here."
        )
    }
}

/// A migration as it stands in the table of those applied.
struct AppliedMigration {
    let version: Int
    let name: String
    let checksum: [UInt8]
    /// The newest migration that a program must know to get along with it.
    let requires: Int
}
