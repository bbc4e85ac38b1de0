// TesseraStores: where things are kept. A SQLite and a PostgreSQL store with their migrations, and a store in memory for
// tests.
//
// It owns files and SQL, and nothing above it has heard of either: everybody else sees the protocols of TesseraCore.
// It depends on TesseraCore, TesseraCrypto, TesseraJOSE, SQLite and libpq.
//
// Begin reading at `SQLite/SQLiteStore.swift`; `SQLite/Migrations/` has the tables; `SQLite/SQLiteDatabase.swift` is how
// they are reached, one writer (`SQLiteWriter.swift`) beside several readers (`SQLiteReaders.swift`), and what an
// embedding program uses for tables of its own; `SQLite/SQLiteConnection.swift` is the only file that calls SQLite.
//
// `PostgreSQL/PostgresStore.swift` and its neighbours are the same on a server: `PostgresDatabase.swift` is how it is
// reached, by one thread (`PostgresPool.swift`) over a few connections (`PostgresConnection.swift`). `Database.swift` is
// for who does not care which of the two it is.
