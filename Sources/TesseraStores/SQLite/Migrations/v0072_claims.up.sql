-- Which requests that create something were begun, for a day, so that a repeated one creates nothing.
CREATE TABLE claim (
    -- SHA-256 over the caller, the endpoint, and the client's key or the form's number.
    key         BLOB    NOT NULL PRIMARY KEY CHECK (length(key) = 32),
    -- The attempt that holds the key.
    holder      BLOB    NOT NULL CHECK (length(holder) = 16),
    -- A code of the whole request.
    fingerprint BLOB    NOT NULL CHECK (length(fingerprint) = 32),
    claimed_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    -- The answer, without any secret; null while the end of the attempt is not known.
    status      INTEGER,
    location    TEXT,
    media_type  TEXT,
    body        BLOB
) STRICT;

-- For deleting those that have expired.
CREATE INDEX claim_by_expiry ON claim (expires_at);

-- What personal tokens have begun with. Those that were made before this table are taken to begin with the default.
CREATE TABLE token_prefix (
    prefix    TEXT    NOT NULL PRIMARY KEY,
    -- When it became the one for new tokens; null when it never was. The latest is the present one.
    chosen_at INTEGER
) STRICT, WITHOUT ROWID;
INSERT INTO token_prefix (prefix, chosen_at) SELECT 'tcp', NULL WHERE EXISTS (SELECT 1 FROM api_token);
