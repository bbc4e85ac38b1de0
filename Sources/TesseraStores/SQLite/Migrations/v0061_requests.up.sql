-- Requests with tokens that were accepted, for a day. They name tokens and people without a reference, as refusals do.
CREATE TABLE request (
    -- Rises with time, so that the oldest rows are found first, and how many there are is nearly known.
    number   INTEGER PRIMARY KEY,
    id       BLOB    NOT NULL CHECK (length(id) = 16),
    at       INTEGER NOT NULL,
    token_id BLOB    NOT NULL,
    owner_id BLOB    NOT NULL,
    method   TEXT    NOT NULL,
    path     TEXT    NOT NULL,
    status   INTEGER NOT NULL,
    address  TEXT    NOT NULL
) STRICT;

-- For listing those of one person and of one token, newest first.
CREATE INDEX request_by_owner ON request (owner_id, id DESC);
CREATE INDEX request_by_token ON request (token_id, id DESC);
