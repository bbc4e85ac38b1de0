-- People. Tables refer to them by `number`, an integer of a few bytes; everything outside the file by `id`.
CREATE TABLE user (
    number        INTEGER PRIMARY KEY,
    id            BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    -- ASCII letters in lower case, compared by bytes: what looks alike to Unicode stays two addresses.
    email         TEXT    NOT NULL UNIQUE,
    username      TEXT    NOT NULL,
    -- A PHC string.
    password_hash TEXT    NOT NULL,
    is_operator   INTEGER NOT NULL CHECK (is_operator IN (0, 1)),
    -- Instants are milliseconds since 1970 everywhere.
    created_at    INTEGER NOT NULL,
    disabled_at   INTEGER,
    -- Changes with the row. Readers remember people by number and revision, so that a check need not decode them.
    -- Drawn, not counted: a number that is given away again after a removal must not meet an old revision.
    revision      INTEGER NOT NULL DEFAULT (random())
) STRICT;

-- A trigger, so that nobody who writes a row can forget it, not even somebody with an SQL shell.
CREATE TRIGGER user_revision
AFTER UPDATE OF number, id, email, username, is_operator, created_at, disabled_at ON user
BEGIN
    UPDATE user SET revision = random() WHERE number = NEW.number;
END;

-- People signed in with a browser, by SHA-256 of what stands in the cookie.
CREATE TABLE session (
    digest       BLOB    PRIMARY KEY CHECK (length(digest) = 32),
    id           BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    user_number  INTEGER NOT NULL REFERENCES user (number) ON DELETE CASCADE,
    started_at   INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    user_agent   TEXT    NOT NULL,
    address      TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- For ending all sessions of a person, and for the cascade.
CREATE INDEX session_by_user ON session (user_number);
-- For pruning.
CREATE INDEX session_by_expiry ON session (expires_at);
CREATE INDEX session_by_last_seen ON session (last_seen_at);
