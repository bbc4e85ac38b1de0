-- Addresses that accounts have given up, for a while. They name the account without a reference: it may be removed before.
CREATE TABLE freed_address (
    address  TEXT    PRIMARY KEY NOT NULL,
    user_id  BLOB    NOT NULL CHECK (length(user_id) = 16),
    freed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX freed_address_by_user ON freed_address (user_id);
CREATE INDEX freed_address_by_instant ON freed_address (freed_at);
