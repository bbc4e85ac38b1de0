#pragma once
#include <sqlite3.h>

// sqlite3_db_config() is variadic, which Swift cannot call. Defensive mode keeps SQL from corrupting the file.
static inline int tessera_sqlite_enable_defensive(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
}

// SQLITE_TRANSIENT is a cast of -1 to a function pointer, which Swift does not import.
static inline sqlite3_destructor_type tessera_sqlite_transient(void) { return SQLITE_TRANSIENT; }
