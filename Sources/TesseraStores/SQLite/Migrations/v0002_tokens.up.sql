-- The catalogue of permissions.
CREATE TABLE scope (
    name             TEXT    PRIMARY KEY,
    description      TEXT    NOT NULL,
    is_for_operators INTEGER NOT NULL CHECK (is_for_operators IN (0, 1))
) STRICT, WITHOUT ROWID;

-- Every stored access token, personal or of an application, so that a check is one look-up.
CREATE TABLE api_token (
    -- The first eight bytes of the digest as a signed big-endian integer. Looking up an integer key among a million
    -- rows costs four fifths of looking up a 32-byte one. That no two are equal means that no two digests are.
    key          INTEGER PRIMARY KEY,
    -- SHA-256 of the whole token string. A look-up compares all of it.
    digest       BLOB    NOT NULL CHECK (length(digest) = 32),
    id           BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    user_number  INTEGER NOT NULL REFERENCES user (number) ON DELETE CASCADE,
    kind         TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    -- A JSON array of names, sorted, without spaces; empty for a token that may do nothing, never null. Readers take
    -- no other form. (json_valid() is refused here: SQLite runs it only for schemas that are trusted blindly.)
    scopes       TEXT    NOT NULL CHECK (scopes GLOB '[[]*]'),
    last_four    TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,
    revoked_at   INTEGER,
    last_used_at INTEGER
) STRICT;

-- For listing a person's tokens, newest first, and for the cascade.
CREATE INDEX api_token_by_user ON api_token (user_number, id DESC);
-- For pruning. Partial, because most tokens are never revoked and many never expire.
CREATE INDEX api_token_by_expiry ON api_token (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX api_token_by_revocation ON api_token (revoked_at) WHERE revoked_at IS NOT NULL;
