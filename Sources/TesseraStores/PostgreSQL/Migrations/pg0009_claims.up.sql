-- Which requests that create something were begun, for a day, so that a repeated one creates nothing.
CREATE TABLE claim (
    -- SHA-256 over the caller, the endpoint, and the client's key or the form's number.
    key         bytea       NOT NULL PRIMARY KEY CHECK (length(key) = 32),
    -- The attempt that holds the key.
    holder      uuid        NOT NULL,
    -- A code of the whole request.
    fingerprint bytea       NOT NULL CHECK (length(fingerprint) = 32),
    claimed_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    -- The answer, without any secret; null while the end of the attempt is not known.
    status      bigint,
    location    text,
    media_type  text,
    body        bytea
);

-- For deleting those that have expired.
CREATE INDEX claim_by_expiry ON claim (expires_at);

-- What personal tokens have begun with. Those that were made before this table are taken to begin with the default.
CREATE TABLE token_prefix (
    prefix    text        NOT NULL PRIMARY KEY,
    -- When it became the one for new tokens; null when it never was. The latest is the present one.
    chosen_at timestamptz
);
INSERT INTO token_prefix (prefix, chosen_at) SELECT 'tcp', NULL WHERE EXISTS (SELECT FROM api_token);
