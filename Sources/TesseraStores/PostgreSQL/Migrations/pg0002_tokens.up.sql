-- The catalogue of permissions.
CREATE TABLE scope (
    name             text    COLLATE "C" PRIMARY KEY,
    description      text    COLLATE "C" NOT NULL,
    is_for_operators boolean NOT NULL
);

-- Every stored access token, personal or of an application, so that a check is one look-up.
CREATE TABLE api_token (
    -- SHA-256 of the whole token string. The look-up of a check: four pages deep among a hundred million.
    digest         bytea       PRIMARY KEY CHECK (octet_length(digest) = 32),
    -- For whatever concerns one token, and for listing everybody's, newest first. Rises with time: what is made now
    -- stands at the end, so that the part of it that is written to stays in memory however many there are.
    id             uuid        NOT NULL UNIQUE,
    account_id     uuid        NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    kind           text        COLLATE "C" NOT NULL,
    name           text        COLLATE "C" NOT NULL,
    -- Sorted; empty for a token that may do nothing, never null.
    scopes         text[]      COLLATE "C" NOT NULL CHECK (array_position(scopes, NULL) IS NULL),
    last_four      text        COLLATE "C" NOT NULL,
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz,
    revoked_at     timestamptz,
    -- When its owner disabled it; null while it is not.
    suspended_at   timestamptz,
    -- When and from where it was last used; null when it never was, or that is not known. Written again and again, and
    -- therefore in no index: such an update writes no index at all, if the page has room for the new row (fillfactor),
    -- and the old one is cleared away when somebody next looks at the page, without a vacuum.
    last_used_at   timestamptz,
    last_used_from inet,
    -- The chain of rotation, by identifiers without a reference: one end of it may be pruned before the other.
    replaces       uuid,
    replaced_by    uuid,
    -- An object of texts; null when there are none.
    metadata       jsonb       CHECK (jsonb_typeof(metadata) = 'object')
) WITH (
    fillfactor = 90,
    -- Pruning looks for the oldest rows from the end of an index where the deleted ones stood. A vacuum after a hundredth
    -- of the rows, instead of a fifth, keeps that way short; of very many rows, a fifth would never be reached.
    autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.01
);

-- For listing a person's tokens, newest first, for counting them against the limit, and for the cascade.
CREATE INDEX api_token_by_account ON api_token (account_id, id DESC);
-- For pruning. Partial, because most tokens are never revoked and many never expire.
CREATE INDEX api_token_by_expiry ON api_token (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX api_token_by_revocation ON api_token (revoked_at) WHERE revoked_at IS NOT NULL;
-- For finding old tokens that live on beside their successors.
CREATE INDEX api_token_by_overlap ON api_token (expires_at) WHERE replaced_by IS NOT NULL AND revoked_at IS NULL;
