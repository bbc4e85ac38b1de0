// TesseraPostgres owns the access to PostgreSQL: connections, transactions of several statements, notifications, and a
// standby that answers look-ups. It knows no table, and is the only target that imports libpq.
//
// `PostgresDatabase` is the entry. One thread (`PostgresPool`) serves all callers over a few connections
// (`PostgresConnection`, `PostgresLibrary`); `PostgresChannel` receives notifications on the same thread. `Replica/` decides
// which answers of a standby are current (`ReplicaDemand`).
