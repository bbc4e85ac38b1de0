extension Migrator {
    /// The schema of Tessera. Its files are in `Migrations/`.
    public static let tessera = Migrator(
        set: "tessera",
        migrations: [
            Migration(
                version: 1, name: "accounts",
                up: PackageResources.v0001_accounts_up_sql, down: PackageResources.v0001_accounts_down_sql),
            Migration(
                version: 2, name: "tokens",
                up: PackageResources.v0002_tokens_up_sql, down: PackageResources.v0002_tokens_down_sql),
            Migration(
                version: 3, name: "records",
                up: PackageResources.v0003_records_up_sql, down: PackageResources.v0003_records_down_sql),
            Migration(
                version: 10, name: "token life",
                up: PackageResources.v0010_token_life_up_sql,
                down: PackageResources.v0010_token_life_down_sql),
            Migration(
                version: 20, name: "activity",
                up: PackageResources.v0020_activity_up_sql, down: PackageResources.v0020_activity_down_sql),
            Migration(
                version: 30, name: "explanations",
                up: PackageResources.v0030_explanations_up_sql,
                down: PackageResources.v0030_explanations_down_sql),
            Migration(
                version: 40, name: "installation",
                up: PackageResources.v0040_installation_up_sql,
                down: PackageResources.v0040_installation_down_sql),
            Migration(
                version: 41, name: "confirmation",
                up: PackageResources.v0041_confirmation_up_sql,
                down: PackageResources.v0041_confirmation_down_sql),
            Migration(
                version: 50, name: "last use",
                up: PackageResources.v0050_last_use_up_sql, down: PackageResources.v0050_last_use_down_sql),
            Migration(
                version: 60, name: "jobs",
                up: PackageResources.v0060_jobs_up_sql, down: PackageResources.v0060_jobs_down_sql),
            Migration(
                version: 61, name: "requests",
                up: PackageResources.v0061_requests_up_sql,
                down: PackageResources.v0061_requests_down_sql),
            Migration(
                version: 71, name: "addresses",
                up: PackageResources.v0071_addresses_up_sql,
                down: PackageResources.v0071_addresses_down_sql),
            Migration(
                version: 72, name: "claims", requires: 61,
                up: PackageResources.v0072_claims_up_sql, down: PackageResources.v0072_claims_down_sql),
            Migration(
                version: 73, name: "freed addresses",
                up: PackageResources.v0073_freed_addresses_up_sql,
                down: PackageResources.v0073_freed_addresses_down_sql),
            Migration(
                version: 74, name: "refusal detail",
                up: PackageResources.v0074_refusal_detail_up_sql,
                down: PackageResources.v0074_refusal_detail_down_sql),
            Migration(
                version: 75, name: "subjects", changesSchemaText: true,
                up: PackageResources.v0075_subjects_up_sql, down: PackageResources.v0075_subjects_down_sql),
        ])
}
