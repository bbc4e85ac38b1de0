-- Treasures, in the order in which they were made: an identifier begins with the time it was drawn at.
CREATE TABLE treasure (
    id           uuid        PRIMARY KEY,
    -- An account that is removed takes its treasures along, whichever program removes it.
    owner        uuid        NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    -- The collation makes `lower` change ASCII letters only, as on SQLite.
    name         text        COLLATE "C" NOT NULL,
    description  text        COLLATE "C" NOT NULL,
    -- Gold coins.
    value        bigint      NOT NULL CHECK (value >= 0),
    cool_factor  bigint      NOT NULL CHECK (cool_factor BETWEEN 0 AND 10),
    is_published boolean     NOT NULL,
    plundered_at timestamptz
);

-- For the list that everybody sees.
CREATE INDEX treasure_by_publication ON treasure (id) WHERE is_published;
-- For the treasures of one user, and for the cascade.
CREATE INDEX treasure_by_owner ON treasure (owner, id);
-- For the filters by value.
CREATE INDEX treasure_by_value ON treasure (value);
