-- Refused requests, for a few days. They name tokens and people without a reference: a refusal outlives both.
CREATE TABLE refusal (
    id       BLOB    PRIMARY KEY CHECK (length(id) = 16),
    at       INTEGER NOT NULL,
    cause    TEXT    NOT NULL,
    status   INTEGER NOT NULL,
    method   TEXT    NOT NULL,
    path     TEXT    NOT NULL,
    address  TEXT    NOT NULL,
    token_id BLOB,
    owner_id BLOB,
    -- JSON arrays of names, or null when the refusal was not about scopes.
    needed   TEXT    CHECK (needed GLOB '[[]*]'),
    held     TEXT    CHECK (held GLOB '[[]*]'),
    since    INTEGER
) STRICT, WITHOUT ROWID;

-- For pruning.
CREATE INDEX refusal_by_instant ON refusal (at);

-- What happened, to whom, by whose hand. No references: an event outlives whom it tells of.
CREATE TABLE audit_event (
    id       BLOB    PRIMARY KEY CHECK (length(id) = 16),
    at       INTEGER NOT NULL,
    action   TEXT    NOT NULL,
    -- A word, and behind a colon the identifier if there is one.
    actor    TEXT    NOT NULL,
    user_id  BLOB,
    token_id BLOB,
    subject  TEXT
) STRICT, WITHOUT ROWID;

-- For listing the events of one account, newest first.
CREATE INDEX audit_event_by_user ON audit_event (user_id, id DESC) WHERE user_id IS NOT NULL;
