-- What an installation draws once for itself, such as the key that marks known browsers. None of it opens anything.
CREATE TABLE installation_secret (
    name  text  COLLATE "C" PRIMARY KEY,
    value bytea NOT NULL CHECK (octet_length(value) >= 16)
);

-- How each thing that happens by itself went the last time, on whichever node.
CREATE TABLE job_run (
    name      text        COLLATE "C" PRIMARY KEY,
    at        timestamptz NOT NULL,
    -- Microseconds.
    duration  bigint      NOT NULL,
    rows      bigint      NOT NULL,
    -- What was left for the next run; null where that is not known.
    waiting   bigint,
    -- In a row.
    failures  bigint      NOT NULL,
    complaint text        COLLATE "C"
) WITH (fillfactor = 50);

-- Which node does what only one has to do, and until when it may without asking again.
CREATE TABLE job_lease (
    name    text        COLLATE "C" PRIMARY KEY,
    -- Drawn anew by each process.
    holder  uuid        NOT NULL,
    ends_at timestamptz NOT NULL
) WITH (fillfactor = 50);

-- How far a copy from another database has come, so that it can be gone on with. Empty at all other times.
CREATE TABLE copy_cursor (
    -- The table that is copied; `source` for what the copy is made of.
    name     text  COLLATE "C" PRIMARY KEY,
    -- The key of the last row that was copied, in the form of the source; the fingerprint of the source.
    position bytea NOT NULL
);
