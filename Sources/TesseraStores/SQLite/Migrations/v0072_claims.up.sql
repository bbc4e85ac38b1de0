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
