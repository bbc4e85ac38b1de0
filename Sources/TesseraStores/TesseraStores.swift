// TesseraStores: the stores of Tessera over SQLite and PostgreSQL, their migrations, and the copy between databases.
//
// It owns the tables and their SQL; everything above it sees the protocols of TesseraCore. It depends on TesseraCore and on
// the drivers TesseraSQLite and TesseraPostgres.
//
// Begin reading at `SQLite/SQLiteStore.swift` or `PostgreSQL/PostgresStore.swift`; `SQLite/Migrations/` and
// `PostgreSQL/Migrations/` have the tables. `Database.swift` is for programs that use either database.
