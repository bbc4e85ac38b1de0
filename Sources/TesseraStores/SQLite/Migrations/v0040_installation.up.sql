-- What an installation draws once for itself, such as the key that marks known browsers. None of it opens anything.
CREATE TABLE installation_secret (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL CHECK (length(value) >= 16)
) STRICT, WITHOUT ROWID;
