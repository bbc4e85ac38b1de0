public import Tessera

extension Migrator {
    /// The schema of this API on SQLite, in the file of Tessera's and behind it. The files stand in `Migrations/`.
    public static let dragonTreasure = Migrator(
        set: "dragon_treasure",
        migrations: [
            Migration(
                version: 1, name: "treasures",
                up: PackageResources.v0001_treasures_up_sql, down: PackageResources.v0001_treasures_down_sql)
        ])

    /// The same schema on PostgreSQL.
    public static let dragonTreasureOnPostgres = Migrator(
        set: "dragon_treasure",
        migrations: [
            Migration(
                version: 1, name: "treasures", up: PackageResources.pg0001_treasures_up_sql,
                down: PackageResources.pg0001_treasures_down_sql)
        ])
}
