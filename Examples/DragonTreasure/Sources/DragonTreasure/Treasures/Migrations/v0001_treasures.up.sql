-- Treasures, in the order in which they were made: an identifier begins with the time it was drawn at.
CREATE TABLE treasure (
    id           BLOB    PRIMARY KEY CHECK (length(id) = 16),
    -- An account that is removed takes its treasures along, whoever removes it.
    owner        BLOB    NOT NULL REFERENCES user (id) ON DELETE CASCADE,
    name         TEXT    NOT NULL,
    description  TEXT    NOT NULL,
    -- Gold coins.
    value        INTEGER NOT NULL CHECK (value >= 0),
    cool_factor  INTEGER NOT NULL CHECK (cool_factor BETWEEN 0 AND 10),
    is_published INTEGER NOT NULL CHECK (is_published IN (0, 1)),
    -- Milliseconds since 1970.
    plundered_at INTEGER
) STRICT, WITHOUT ROWID;

-- For the list that everybody sees: the primary key stands behind the column, so it comes out in order.
CREATE INDEX treasure_by_publication ON treasure (is_published);
-- For the treasures of one user, and for the cascade.
CREATE INDEX treasure_by_owner ON treasure (owner);
-- For the filters by value.
CREATE INDEX treasure_by_value ON treasure (value);
