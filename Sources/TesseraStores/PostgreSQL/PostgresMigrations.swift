import TesseraPostgres

extension Migrator {
    /// The schema of Tessera itself on PostgreSQL. The files stand in `Migrations/`; the names of all that is embedded in a
    /// module share one namespace, hence `pg`.
    public static let tesseraOnPostgres = Migrator(
        set: "tessera",
        migrations: [
            Migration(
                version: 1, name: "accounts", up: PackageResources.pg0001_accounts_up_sql,
                down: PackageResources.pg0001_accounts_down_sql),
            Migration(
                version: 2, name: "tokens", up: PackageResources.pg0002_tokens_up_sql,
                down: PackageResources.pg0002_tokens_down_sql),
            Migration(
                version: 3, name: "records", up: PackageResources.pg0003_records_up_sql,
                down: PackageResources.pg0003_records_down_sql),
            Migration(
                version: 4, name: "operation", up: PackageResources.pg0004_operation_up_sql,
                down: PackageResources.pg0004_operation_down_sql),
            Migration(
                version: 5, name: "throttle", requires: 4, up: PackageResources.pg0005_throttle_up_sql,
                down: PackageResources.pg0005_throttle_down_sql),
            Migration(
                version: 6, name: "replica", requires: 4, up: PackageResources.pg0006_replica_up_sql,
                down: PackageResources.pg0006_replica_down_sql),
            Migration(
                version: 8, name: "addresses", requires: 4, up: PackageResources.pg0008_addresses_up_sql,
                down: PackageResources.pg0008_addresses_down_sql),
            Migration(
                version: 9, name: "claims", requires: 4, up: PackageResources.pg0009_claims_up_sql,
                down: PackageResources.pg0009_claims_down_sql),
            Migration(
                version: 10, name: "freed addresses", requires: 4,
                up: PackageResources.pg0010_freed_addresses_up_sql,
                down: PackageResources.pg0010_freed_addresses_down_sql),
            Migration(
                version: 11, name: "refusal detail", requires: 4,
                up: PackageResources.pg0011_refusal_detail_up_sql,
                down: PackageResources.pg0011_refusal_detail_down_sql),
            Migration(
                version: 12, name: "subjects", requires: 4, up: PackageResources.pg0012_subjects_up_sql,
                down: PackageResources.pg0012_subjects_down_sql),
        ])
}
