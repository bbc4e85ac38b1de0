-- People. `user` is a reserved word. Texts are compared by bytes everywhere (COLLATE "C"): what looks alike to Unicode
-- stays two addresses, and the order is that of the other stores, whatever the language of the server.
CREATE TABLE account (
    -- A UUIDv7: rises with time, so that new rows stand at the end of every index of it.
    id            uuid        PRIMARY KEY,
    -- ASCII letters in lower case. The index of its uniqueness serves signing in.
    email         text        COLLATE "C" NOT NULL UNIQUE,
    username      text        COLLATE "C" NOT NULL,
    -- A PHC string.
    password_hash text        COLLATE "C" NOT NULL,
    is_operator   boolean     NOT NULL,
    -- Instants are whole milliseconds everywhere.
    created_at    timestamptz NOT NULL,
    disabled_at   timestamptz
);

-- For counting those who are disabled. Partial, because nearly nobody is.
CREATE INDEX account_by_disabling ON account (disabled_at) WHERE disabled_at IS NOT NULL;

-- People signed in with a browser, by SHA-256 of what stands in the cookie.
CREATE TABLE session (
    -- The look-up of every request of a page.
    digest           bytea       PRIMARY KEY CHECK (octet_length(digest) = 32),
    -- For ending one.
    id               uuid        NOT NULL UNIQUE,
    account_id       uuid        NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    started_at       timestamptz NOT NULL,
    -- When the person last proved who they are.
    authenticated_at timestamptz NOT NULL,
    -- Written up to once a minute, and therefore in no index: an update that changes no indexed column writes no
    -- index at all, if the page has room for the new row (fillfactor).
    last_seen_at     timestamptz NOT NULL,
    -- What is indexed in its place changes once a day. (CockroachDB: date_trunc() instead of date_bin().)
    seen_day         timestamptz NOT NULL
        GENERATED ALWAYS AS (date_bin('1 day', last_seen_at, '2000-01-01 00:00:00+00')) STORED,
    expires_at       timestamptz NOT NULL,
    user_agent       text        COLLATE "C" NOT NULL,
    address          text        COLLATE "C" NOT NULL
) WITH (fillfactor = 80);

-- For listing and ending the sessions of a person, and for the cascade.
CREATE INDEX session_by_account ON session (account_id, id DESC);
-- For pruning.
CREATE INDEX session_by_expiry ON session (expires_at);
CREATE INDEX session_by_seen_day ON session (seen_day);
