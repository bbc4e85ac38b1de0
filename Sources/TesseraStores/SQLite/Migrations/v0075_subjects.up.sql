-- A token stands for a person or, without one, for a client itself. The client is the application that received the token, and
-- the grant the consent behind it; both are null for a personal token.
ALTER TABLE api_token ADD COLUMN client_id BLOB;

-- SQLite can drop NOT NULL only by copying the table: 2.5 minutes and as much space again for ten million rows. The constraints
-- stand in the text of the schema and nowhere else, and every row satisfies the new ones, so the text alone is changed. The
-- next statement changes the version of the schema, so that every connection reads the text again.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(replace(sql, 'user_number  INTEGER NOT NULL REFERENCES', 'user_number  INTEGER REFERENCES'),
    'client_id BLOB)', 'client_id BLOB CHECK (length(client_id) = 16), CHECK (user_number IS NOT NULL OR client_id IS NOT NULL))')
WHERE type = 'table' AND name = 'api_token';
-- The owner of a request is a person.
UPDATE sqlite_schema SET sql = replace(sql, 'owner_id BLOB    NOT NULL', 'owner_id BLOB')
WHERE type = 'table' AND name = 'request';
PRAGMA writable_schema = RESET;

ALTER TABLE api_token ADD COLUMN grant_id BLOB;
