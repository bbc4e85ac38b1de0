-- How each thing that happens by itself went the last time.
CREATE TABLE job_run (
    name      TEXT    PRIMARY KEY,
    at        INTEGER NOT NULL,
    -- Microseconds.
    duration  INTEGER NOT NULL,
    rows      INTEGER NOT NULL,
    -- What was left for the next run; null where that is not known.
    waiting   INTEGER,
    -- In a row.
    failures  INTEGER NOT NULL,
    complaint TEXT
) STRICT, WITHOUT ROWID;
