// TesseraStores: the stores in SQLite and PostgreSQL, the description of each table, the migrations, and the copy from one
// database to the other.
//
// It owns the SQL, and depends on TesseraCore and on the drivers TesseraSQLite and TesseraPostgres. The targets above it use
// the protocols of TesseraCore, and none of them knows SQL.
//
// Begin reading at `Tables/Column.swift` and one of the files beside it, such as `User+Table.swift`: the description of a
// table. `SQLite/SQLiteStore+Users.swift` and `PostgreSQL/PostgresStore+Users.swift` have its statements, and
// `SQLite/Migrations/` and `PostgreSQL/Migrations/` its schema. SQLite has one writer, so its store reads and decides in
// Swift; PostgreSQL has many, so its store decides in SQL, on rows that it has locked.
//
// `Migrations/` applies a schema, `Copying/` copies a SQLite file to PostgreSQL, and `OwnTables/` runs the statements of a
// program that keeps its own tables beside those of Tessera. `Database.swift` is an open database of either kind.
