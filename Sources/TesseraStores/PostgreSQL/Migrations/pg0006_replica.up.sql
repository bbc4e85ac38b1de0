-- What nodes write in order to find it again at a standby: one that shows it has the history of this database.
CREATE TABLE replica_mark (
    -- Drawn by a node whenever it begins to hear the others.
    mark       uuid        PRIMARY KEY,
    written_at timestamptz NOT NULL DEFAULT now()
);
