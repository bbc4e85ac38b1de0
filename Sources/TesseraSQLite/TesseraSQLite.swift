// TesseraSQLite owns the access to SQLite files: connections, one writer beside several readers, the write-ahead log, the
// watch for changes by other processes, and whole copies. It knows no table, and is the only target that imports SQLite.
//
// `SQLiteDatabase` is the entry. Writes go through `SQLiteWriter`, reads through `SQLiteReaders`, and both use
// `SQLiteConnection`, which calls SQLite. `SQLiteLogKeeper` and `GatheredLog` own the write-ahead log; `SQLiteWatch` and
// `SQLiteFilePlace` look for changes by other processes; `Backup/` copies a database and puts a copy back.
