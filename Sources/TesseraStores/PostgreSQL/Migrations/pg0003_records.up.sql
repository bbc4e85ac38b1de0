-- Three tables to which rows are only added, and from which the oldest are deleted. Their identifiers rise with time, so
-- that the oldest rows are found at the beginning of the primary key and no index of instants is needed. Deleted rows
-- lengthen the way to the oldest until a vacuum: it comes after a fiftieth of the rows.

-- Refused requests, for a few days. They name tokens and people without a reference: a refusal outlives both.
CREATE TABLE refusal (
    id       uuid        PRIMARY KEY,
    at       timestamptz NOT NULL,
    cause    text        COLLATE "C" NOT NULL,
    status   smallint    NOT NULL,
    method   text        COLLATE "C" NOT NULL,
    path     text        COLLATE "C" NOT NULL,
    address  text        COLLATE "C" NOT NULL,
    token_id uuid,
    owner_id uuid,
    -- Names of scopes; null when the refusal was not about scopes.
    needed   text[]      COLLATE "C",
    held     text[]      COLLATE "C",
    since    timestamptz,
    -- What it tells beside its cause.
    origin   text        COLLATE "C",
    hint     text        COLLATE "C"
) WITH (autovacuum_vacuum_scale_factor = 0.02);

-- For listing what was refused of one token, of one person, for one cause; newest first. Partial, because a flood of
-- requests with unknown tokens names nobody.
CREATE INDEX refusal_by_token ON refusal (token_id, id DESC) WHERE token_id IS NOT NULL;
CREATE INDEX refusal_by_owner ON refusal (owner_id, id DESC) WHERE owner_id IS NOT NULL;
CREATE INDEX refusal_by_cause ON refusal (cause, id DESC);

-- What happened, to whom, by whose hand. No references: an event outlives whom it tells of.
CREATE TABLE audit_event (
    id         uuid        PRIMARY KEY,
    at         timestamptz NOT NULL,
    action     text        COLLATE "C" NOT NULL,
    -- A word, and behind a colon the identifier if there is one.
    actor      text        COLLATE "C" NOT NULL,
    account_id uuid,
    token_id   uuid,
    subject    text        COLLATE "C",
    -- From where it was asked for; null where nobody asked over the network.
    address    text        COLLATE "C"
) WITH (autovacuum_vacuum_scale_factor = 0.02);

-- For listing the events of one account, newest first.
CREATE INDEX audit_event_by_account ON audit_event (account_id, id DESC) WHERE account_id IS NOT NULL;
-- For saying who revoked a token. Partial, so that the events of issuing cost nothing.
CREATE INDEX audit_event_by_revoked_token ON audit_event (token_id, id DESC) WHERE action = 'token.revoked';

-- Requests with tokens that were accepted, for a day. They name tokens and people without a reference, as refusals do.
CREATE TABLE request (
    -- Rises with time, so that the oldest rows are found first, and how many there are is nearly known. (CockroachDB and
    -- YugabyteDB: a sequence that keeps no numbers in reserve on each node.)
    number   bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id       uuid        NOT NULL,
    at       timestamptz NOT NULL,
    token_id uuid        NOT NULL,
    owner_id uuid        NOT NULL,
    method   text        COLLATE "C" NOT NULL,
    path     text        COLLATE "C" NOT NULL,
    status   smallint    NOT NULL,
    address  text        COLLATE "C" NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02);

-- For listing those of one person and of one token, newest first.
CREATE INDEX request_by_owner ON request (owner_id, id DESC);
CREATE INDEX request_by_token ON request (token_id, id DESC);
