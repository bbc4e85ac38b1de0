// TesseraDatabase owns the vocabulary that both database drivers, the stores and the domain share: the error of a store
// (`StoreError`), the counts of its traffic (`StoreTraffic`), the text of a statement (`SQLText`), the instant until which
// everything is known (`Hearing`), and a thread (`BackgroundThread`). It knows no database and no table.
// TesseraCore re-exports it, so that the protocols of the stores need no second import.
