// TesseraStores: where things are kept. A SQLite store with its migrations, and a store in memory for tests.
//
// It owns files and SQL, and nothing above it has heard of either: everybody else sees the protocols of TesseraCore.
// It depends on TesseraCore, TesseraCrypto, TesseraJOSE and SQLite.
//
// Begin reading at `SQLite/SQLiteStore.swift`; `SQLite/Migrations/` has the tables; `SQLite/SQLiteDatabase.swift` is how
// they are reached, one writer (`SQLiteWriter.swift`) beside several readers (`SQLiteReaders.swift`), and what an
// embedding program uses for tables of its own; `SQLite/SQLiteConnection.swift` is the only file that calls SQLite.
