#pragma once
#include <sqlite3.h>

// sqlite3_db_config() is variadic, which Swift cannot call. Defensive mode keeps SQL from corrupting the file.
static inline int tessera_sqlite_set_defensive(sqlite3 *database, int enabled) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, enabled, (int *)0);
}

// Forbids functions with side effects in the schema (trusted_schema is on by default) before the first statement reads the
// schema, which another program may have written.
static inline int tessera_sqlite_distrust_schema(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
}

// Otherwise the last connection would check-point the log and delete it when it closes, even after a failed sync.
static inline int tessera_sqlite_keep_log_on_close(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}

// A computed macro, which Swift does not import.
static const int tessera_sqlite_ioerr_fsync = SQLITE_IOERR_FSYNC;

// SQLITE_TRANSIENT is a cast of -1 to a function pointer, which Swift does not import.
static inline sqlite3_destructor_type tessera_sqlite_transient(void) { return SQLITE_TRANSIENT; }

// sqlite3_config() is variadic. Without memory statistics, allocations do not take a lock that all connections share.
static inline int tessera_sqlite_skip_memory_statistics(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

// A file of a VFS must start with sqlite3_file; the remaining members belong to the VFS. Only C guarantees this layout.
struct tessera_gathered_file {
    sqlite3_file file;
    // The file of the VFS below.
    sqlite3_file *below;
    // The pending bytes, to be written at `start`; `bytes` is null until the first write.
    void *bytes;
    sqlite3_int64 start;
    int count;
};
